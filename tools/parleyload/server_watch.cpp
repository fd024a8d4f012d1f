#include "tools/parleyload/server_watch.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

namespace parley::load {

result<server_watch> server_watch::find(const target_options& target) {
  server_watch found;
  found.processes_ = target.server_processes;
  for (const auto& server : target.servers) {
    const auto address = client::resolve(server);
    if (!address) return fail(address.error());
    found.addresses_.push_back(*address);
    if (!target.server_processes.empty() || !address->is_loopback()) continue;
    if (const auto listener = listener_on(server.port)) found.processes_.push_back(*listener);
  }
  return found;
}

std::optional<process_usage> server_watch::usage() const {
  if (processes_.empty()) return std::nullopt;
  process_usage sum;
  for (const auto process : processes_) {
    const auto usage = usage_of(process);
    if (!usage) return std::nullopt;
    sum.cpu += usage->cpu;
    sum.resident_bytes += usage->resident_bytes;
  }
  return sum;
}

std::optional<process_memory> server_watch::memory() const {
  if (processes_.empty()) return std::nullopt;
  process_memory sum;
  for (const auto process : processes_) {
    const auto memory = memory_of(process);
    if (!memory) return std::nullopt;
    sum.resident_bytes += memory->resident_bytes;
    sum.anonymous_bytes += memory->anonymous_bytes;
  }
  return sum;
}

result<void> make_room_for(std::size_t sockets) {
  constexpr std::size_t others = 64;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur >= sockets + others) return {};
  return fail(errc::too_many, fmt::format("{} sockets are more than the {} files this process may open (ulimit -n)",
                                          sockets, files.rlim_cur));
}

} // namespace parley::load
