/// What processes of this machine use, as the kernel tells it in /proc.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <sys/types.h>

namespace parley::load {

struct process_usage {
  /// User and system time of all threads so far.
  std::chrono::microseconds cpu{0};
  std::uint64_t resident_bytes = 0;
};

/// Nothing when there is no such process.
[[nodiscard]] std::optional<process_usage> usage_of(pid_t process);

/// The process that listens on a TCP port of this machine; nothing when there is none that we may see.
[[nodiscard]] std::optional<pid_t> listener_on(std::uint16_t port);

} // namespace parley::load
