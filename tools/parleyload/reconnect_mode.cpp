#include "tools/parleyload/crowd.hpp"
#include "tools/parleyload/modes.hpp"

namespace parley::load {

namespace {

constexpr std::uint32_t under_way_max = 256;
/// For the server to notice that they are gone.
constexpr std::chrono::seconds absence{1};

void wait(crowd& everybody, std::chrono::seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) everybody.turn(end);
}

} // namespace

result<mode_report> run(const reconnect_options& options) {
  const auto servers = server_watch::find(options);
  if (!servers) return fail(servers.error());
  crowd everybody{options, *servers, {.members = options.connections, .resumes = true}, nullptr};
  if (const auto room = everybody.prepare(); !room) return fail(room.error());

  const auto first = everybody.connect(options.connections_per_second, under_way_max);
  if (first.ready < options.connections)
    return fail(errc::unavailable, everybody.failures().empty() ? "interrupted" : everybody.failures().begin()->first);
  everybody.drop_all();
  wait(everybody, absence);
  const auto before = servers->usage();
  // Nobody waits for the others: a slow server is met by all that are due.
  const auto again = everybody.connect(options.connections / options.within.count(), options.connections);
  const auto after = servers->usage();

  const auto ready = static_cast<double>(again.ready);
  mode_report report{figures{"reconnect"}};
  report.found.add("connections", "clients", options.connections)
      .add("withinSeconds", "due within, seconds", options.within.count())
      .add("readyShare", "share that is resumed or synced", ready / options.connections)
      .add("resumedShare", "share that is resumed", static_cast<double>(again.resumed) / options.connections)
      .add("seconds", "seconds until the last was in", again.took.count())
      .add("connectsPerSecond", "connects a second", ready / again.took.count())
      .add("readyUs", "due to welcome and synced", again.latency);
  if (before && after && again.ready > 0)
    report.found.add("serverUsPerConnect", "server's processor time a connect, us",
                     static_cast<double>((after->cpu - before->cpu).count()) / ready);
  report.found.add("failures", "failed", everybody.failures());
  report.ok = again.ready == options.connections && everybody.failures().empty();
  everybody.close_all();
  return report;
}

} // namespace parley::load
