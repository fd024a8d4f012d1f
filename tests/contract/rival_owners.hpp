/// Owners of the same conversations that append at once, each by a lane of its own: what happens while a cluster has
/// not agreed on who owns what. Each believes to know the heads, and reads what it missed when it collides.

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <parley/log_lane.hpp>

namespace parley::tests {

struct rivalry {
  std::size_t owners = 2;
  /// All of one lane.
  std::vector<conversation_id> conversations;
  std::chrono::milliseconds duration{5'000};
  /// Appends of all owners after which they stop early.
  std::size_t appends_max = 400'000;
  std::function<std::unique_ptr<log_lane>()> open_lane;
  /// Entries of a conversation above `after`, ascending. Any thread.
  std::function<std::vector<entry>(const conversation_id&, seq_no after)> read;
  /// Called again and again beside them, if set.
  std::function<void()> disturb;
};

struct rivalry_counts {
  std::size_t appends = 0;
  std::size_t collisions = 0;
  std::size_t repetitions = 0;
  std::size_t unavailable = 0;
  /// What must not be, in words.
  std::vector<std::string> violations;
};

[[nodiscard]] rivalry_counts run_rivalry(const rivalry& setting);

} // namespace parley::tests
