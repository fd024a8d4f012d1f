/// A log store that counts what it is asked: how often the log is read, and what becomes of the batches. It stands
/// before the real one, so nobody who reads or writes passes it by.

#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <parley/log_store.hpp>

namespace parley::persistence {

/// What a call of `log_store` reads; each is one statement or a few.
enum class log_read : std::uint8_t {
  snapshot,
  entries,
  changes,
  search,
  acquaintances,
  client_id,
  access,
  members,
  item,
  list,
  backlog,
};

constexpr std::size_t log_read_kinds = 11;

/// As labels of metrics name it.
[[nodiscard]] std::string_view to_string(log_read kind);

/// Since the process began. Any thread; the numbers are read one by one, so they may be a call apart.
struct log_counts {
  std::array<std::atomic<std::uint64_t>, log_read_kinds> reads{};
  /// Batches of which something was committed.
  std::atomic<std::uint64_t> commits{0};
  /// Entries that were committed.
  std::atomic<std::uint64_t> entries{0};
  std::atomic<std::uint64_t> collisions{0};
  /// Writes whose client id was in the log already.
  std::atomic<std::uint64_t> repetitions{0};
  /// Writes of batches that the database did not take.
  std::atomic<std::uint64_t> failures{0};

  [[nodiscard]] const std::atomic<std::uint64_t>& of(log_read kind) const {
    return reads[static_cast<std::size_t>(kind)];
  }
};

/// Hands everything on to `log` and counts it in `counts`; costs an atomic addition a call.
[[nodiscard]] std::shared_ptr<log_store> count_calls(std::shared_ptr<log_store> log,
                                                     std::shared_ptr<log_counts> counts);

} // namespace parley::persistence
