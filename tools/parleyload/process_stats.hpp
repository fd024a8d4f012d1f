/// What processes of this machine use, as the kernel tells it in /proc.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <sys/types.h>

namespace parley::load {

struct process_usage {
  /// User and system time of all threads so far.
  std::chrono::microseconds cpu{0};
  std::uint64_t resident_bytes = 0;
};

/// Nothing when there is no such process.
[[nodiscard]] std::optional<process_usage> usage_of(pid_t process);

struct process_memory {
  std::uint64_t resident_bytes = 0;
  /// Of these what belongs to the process alone and to no file: heap, stacks.
  std::uint64_t anonymous_bytes = 0;
};

/// Nothing when there is no such process, or it is closed to us.
[[nodiscard]] std::optional<process_memory> memory_of(pid_t process);

/// What the kernel itself uses, for all processes.
struct kernel_memory {
  std::uint64_t slab_bytes = 0;
  /// Buffers of TCP.
  std::uint64_t tcp_bytes = 0;
};

[[nodiscard]] std::optional<kernel_memory> kernel_memory_now();

/// The number behind `name` where that begins a line: `Slab:   123 kB` has 123 for `Slab:`.
[[nodiscard]] std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view name);

/// The process that listens on a TCP port of this machine; nothing when there is none that we may see.
[[nodiscard]] std::optional<pid_t> listener_on(std::uint16_t port);

} // namespace parley::load
