/// Since when the beats of nodes stand still, by the clock of the one who watches.
///
/// A beat may have moved at any moment between question and answer, so a standstill counts from the answer that showed
/// the beat to the question that found it unchanged: never longer than it was.
///
/// Not thread-safe. No clock: times are its owner's.

#pragma once

#include <chrono>
#include <map>
#include <optional>

#include <parley/clock.hpp>
#include <parley/node_store.hpp>

namespace parley::cluster {

class beat_watch {
public:
  /// Whoever got no answer for longer than `gap_max` (paused, or cut off from the store, which perhaps all others were
  /// as well) has not watched: everybody's standstill begins anew.
  explicit beat_watch(std::chrono::milliseconds gap_max) : gap_max_{gap_max} {}

  void observe(const beat_report& report, instant answered);

  struct sight {
    node_beat last;
    /// The answer that showed it first.
    instant since{};
    /// It moved under our eyes.
    bool has_moved = false;
  };
  /// Null for an incarnation that the last answer did not show. Valid until the next call of `observe`.
  [[nodiscard]] const sight* find(const node_id& node, std::uint64_t incarnation) const;

private:
  std::chrono::milliseconds gap_max_;
  std::optional<instant> answered_;
  std::map<node_id, sight> sights_;
};

} // namespace parley::cluster
