#include "tools/parleyload/process_stats.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace parley::load {

namespace {

namespace fs = std::filesystem;

// A line of /proc/net/tcp:
//
//     sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
//     0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 29183 …
void collect_listeners(const char* table, std::uint16_t port, std::set<std::string>& sockets) {
  const auto wanted = fmt::format(":{:04X}", port);
  std::ifstream lines{table};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
    if (state == "0A" && local.ends_with(wanted)) sockets.insert(fmt::format("socket:[{}]", inode));
  }
}

bool holds_any(const fs::path& process, const std::set<std::string>& sockets) {
  std::error_code ignored; // processes end while we look, and those of others are closed to us
  for (fs::directory_iterator at{process / "fd", ignored}, end; at != end; at.increment(ignored))
    if (sockets.contains(fs::read_symlink(at->path(), ignored).string())) return true;
  return false;
}

} // namespace

std::optional<process_usage> usage_of(pid_t process) {
  std::ifstream stat{fmt::format("/proc/{}/stat", process)};
  std::string text;
  if (!std::getline(stat, text)) return std::nullopt;
  // The name, in parentheses, may hold anything; the fields behind it are numbers, from the third on.
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  std::int64_t user = 0, system = 0;
  fields >> user >> system;
  for (int field = 16; field < 24; ++field) fields >> skipped;
  std::uint64_t pages = 0;
  fields >> pages;
  if (!fields) return std::nullopt;
  return process_usage{std::chrono::microseconds{(user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK)},
                       pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

std::optional<pid_t> listener_on(std::uint16_t port) {
  std::set<std::string> sockets;
  collect_listeners("/proc/net/tcp", port, sockets);
  collect_listeners("/proc/net/tcp6", port, sockets);
  if (sockets.empty()) return std::nullopt;
  std::error_code ignored;
  for (fs::directory_iterator at{"/proc", ignored}, end; at != end; at.increment(ignored)) {
    const auto name = at->path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos && holds_any(at->path(), sockets))
      return static_cast<pid_t>(std::stoi(name));
  }
  return std::nullopt;
}

} // namespace parley::load
