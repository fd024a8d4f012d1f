/// One random schedule for the nodes of a cluster: real `membership_state`s, each with a clock of its own that runs too
/// fast or too slow, around one store; processes that are paused, killed, started again or started twice, a store that
/// is away, answers late or lags behind, connections that are refused though the node lives. Checks at each step what
/// has to hold always, and at the end what has to hold when everything is well again.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::tests {

struct world_report {
  /// Empty: nothing was wrong.
  std::string violation;
  // What happened, to see that a schedule is worth its name.
  std::size_t changes = 0, silent_deaths = 0, refused_deaths = 0, living_marked_down = 0, kills = 0, starts = 0,
              twins = 0, pauses = 0, cuts = 0, outages = 0, refusals = 0, drains = 0, leaves = 0, lost = 0, stale = 0,
              conflicts = 0, taken = 0, replaced = 0;
};

[[nodiscard]] world_report run_membership(std::uint64_t seed);

} // namespace parley::tests
