#include "tools/parleyload/process_stats.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
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

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
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

std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.starts_with(name)) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", name.size()), line.size()));
    std::uint64_t number = 0;
    const auto read = std::from_chars(line.data(), line.data() + line.size(), number);
    return read.ec == std::errc{} ? std::optional{number} : std::nullopt;
  }
  return std::nullopt;
}

std::optional<process_memory> memory_of(pid_t process) {
  const auto text = text_of(fmt::format("/proc/{}/smaps_rollup", process));
  const auto resident = number_behind(text, "Rss:"), anonymous = number_behind(text, "Pss_Anon:");
  if (!resident || !anonymous) return std::nullopt;
  return process_memory{*resident << 10, *anonymous << 10};
}

std::optional<kernel_memory> kernel_memory_now() {
  const auto slab = number_behind(text_of("/proc/meminfo"), "Slab:");
  if (!slab) return std::nullopt;
  // `TCP: inuse 5 orphan 0 tw 0 alloc 7 mem 1`, the last in pages.
  const auto sockets = text_of("/proc/net/sockstat");
  const auto tcp = sockets.find("\nTCP:");
  const auto pages = tcp == std::string::npos ? std::string::npos : sockets.find(" mem ", tcp);
  std::uint64_t count = 0;
  if (pages != std::string::npos) count = number_behind(std::string_view{sockets}.substr(pages), " mem").value_or(0);
  return kernel_memory{*slab << 10, count * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
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
