#include "tools/parleyload/crowd.hpp"
#include "tools/parleyload/interrupt.hpp"
#include "tools/parleyload/modes.hpp"

namespace parley::load {

namespace {

constexpr std::uint32_t under_way_max = 256;

double growth(std::uint64_t before, std::uint64_t after) {
  return static_cast<double>(after) - static_cast<double>(before);
}

/// What a machine and its server use at one moment.
struct snapshot {
  std::optional<process_memory> server;
  std::optional<kernel_memory> kernel;
  std::optional<process_usage> used;

  static snapshot of(const server_watch& servers) { return {servers.memory(), kernel_memory_now(), servers.usage()}; }
};

void add_memory(figures& found, const snapshot& before, const snapshot& after, double sessions) {
  if (before.server && after.server) {
    found.add("residentPerSession", "server's resident memory a session, bytes",
              growth(before.server->resident_bytes, after.server->resident_bytes) / sessions);
    found.add("anonymousPerSession", "of that no file's, bytes",
              growth(before.server->anonymous_bytes, after.server->anonymous_bytes) / sessions);
  }
  if (before.kernel && after.kernel) {
    found.add("slabPerSession", "kernel's slab a session, both ends, bytes",
              growth(before.kernel->slab_bytes, after.kernel->slab_bytes) / sessions);
    found.add("tcpPerSession", "TCP buffers a session, both ends, bytes",
              growth(before.kernel->tcp_bytes, after.kernel->tcp_bytes) / sessions);
  }
}

} // namespace

result<mode_report> run(const idle_options& options) {
  const auto servers = server_watch::find(options);
  if (!servers) return fail(servers.error());
  crowd everybody{options, *servers, {.members = options.connections, .users = options.users}, nullptr};
  if (const auto room = everybody.prepare(); !room) return fail(room.error());

  const auto before = snapshot::of(*servers);
  const auto arrived = everybody.connect(options.connections_per_second, under_way_max);
  if (arrived.ready == 0)
    return fail(errc::unavailable, everybody.failures().empty() ? "interrupted" : everybody.failures().begin()->first);
  const auto connected = servers->usage();
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration_cast<instant::duration>(options.duration);
  while (std::chrono::steady_clock::now() < end && !was_interrupted()) everybody.turn(end);
  const auto after = snapshot::of(*servers);

  const auto sessions = static_cast<double>(arrived.ready);
  mode_report report{figures{"idle"}};
  report.found.add("connections", "sessions", sessions)
      .add("connectSeconds", "seconds to connect", arrived.took.count())
      .add("connectsPerSecond", "connects a second", sessions / arrived.took.count())
      .add("connectUs", "due to synced", arrived.latency);
  add_memory(report.found, before, after, sessions);
  if (before.used && connected && after.used) {
    report.found
        .add("serverUsPerConnect", "server's processor time a connect, us",
             static_cast<double>((connected->cpu - before.used->cpu).count()) / sessions)
        .add("serverIdleCores", "server's cores while idle",
             std::chrono::duration<double>{after.used->cpu - connected->cpu}.count() / options.duration.count());
  }
  report.found.add("failures", "failed", everybody.failures());
  report.ok = everybody.failures().empty() && arrived.failed == 0;
  everybody.close_all();
  return report;
}

} // namespace parley::load
