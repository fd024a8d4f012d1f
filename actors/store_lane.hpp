/// The one actor that waits for commits: it owns a thread and is the only writer of its logs.
///
/// Whatever arrives while a commit runs is the next transaction (group commit). It answers only after COMMIT; a
/// conversation that collides fails alone. Where the store can have several batches under way, the next one is set off
/// before the answer of the first is awaited, if it is worth a transaction of its own.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <parley/log_store.hpp>

#include "actors/system.hpp"

namespace parley::actors {

/// A lane and how much waits in it. Copies are cheap and share both.
class store_lane {
public:
  /// Spawns lane `number` of `log`. It writes at most `batch_max` entries in one transaction (more only if one
  /// conversation alone has more).
  store_lane(caf::actor_system& system, std::shared_ptr<log_store> log, std::size_t number = 0,
             std::size_t batch_max = 256, thread_use thread = thread_use::own);

  /// Takes `write_log`, answers `write_outcome` or an error.
  [[nodiscard]] const caf::actor& actor() const { return actor_; }
  /// Entries handed in and not yet answered; counted by the sender with `enter` and by the lane.
  [[nodiscard]] std::size_t waiting() const { return load_->entries.load(std::memory_order_relaxed); }
  void enter(std::size_t entries) const { load_->entries.fetch_add(entries, std::memory_order_relaxed); }
  /// The last commit failed, within the last ten seconds. After that whoever was sent elsewhere may come back and try:
  /// without anybody who writes nobody would find out that the database is there again.
  [[nodiscard]] bool is_failing() const { return steady::now().time_since_epoch().count() < load_->failing_until; }

  /// What its actor and its senders both write.
  struct load {
    std::atomic<std::size_t> entries{0};
    /// On the steady clock; 0: the last commit was made.
    std::atomic<std::chrono::steady_clock::rep> failing_until{0};
  };

private:
  using steady = std::chrono::steady_clock;

  std::shared_ptr<load> load_;
  caf::actor actor_;
};

/// All lanes of `log`, in the order of their numbers.
[[nodiscard]] std::vector<store_lane> open_lanes(caf::actor_system& system, const std::shared_ptr<log_store>& log,
                                                 thread_use thread = thread_use::own);

} // namespace parley::actors
