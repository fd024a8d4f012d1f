/// What it costs a large cluster when one of its nodes dies: all nodes run in this process, on one virtual clock,
/// around a store in memory that answers after some milliseconds.

#pragma once

#include <chrono>
#include <cstddef>

namespace parley::simulate {

struct view_change_cost {
  /// Calls of the store by all nodes together, in the second before the death.
  std::size_t idle_calls = 0;
  // From the death until every other node holds the view without the dead one.
  std::chrono::milliseconds until_marked{0};
  std::chrono::milliseconds until_all_know{0};
  std::size_t beats = 0;
  std::size_t reads = 0;
  std::size_t changes = 0;
  std::size_t refused_changes = 0;
  /// Processor time that `membership_state` took in all of them, from the death on.
  std::chrono::microseconds thinking{0};
};

/// `is_refused`: the connections to the dead node are refused, so it need not be waited for.
[[nodiscard]] view_change_cost lose_one_of(std::size_t nodes, bool is_refused);

} // namespace parley::simulate
