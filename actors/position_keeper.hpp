/// Positions of one conversation that moved and are not stored yet. They are merged, so a busy reader costs one row a
/// write. Not thread-safe.

#pragma once

#include <map>
#include <utility>
#include <vector>

#include <parley/log_store.hpp>

namespace parley::actors {

class position_keeper {
public:
  void raise(const position_update& to);
  void raise(const cursor_update& to);

  /// Nothing is waiting to be written (something may be under way).
  [[nodiscard]] bool is_clean() const { return positions_.empty() && cursors_.empty(); }
  [[nodiscard]] bool is_writing() const { return writing_; }
  /// What waits of the members' positions.
  [[nodiscard]] std::vector<position_update> waiting() const;

  /// Puts everything that waits into `write`.
  void move_into(conversation_write& write);
  /// The write is durable. Returns the users that have nothing waiting any more.
  [[nodiscard]] std::vector<user_id> stored();
  /// The write failed; it waits again.
  void failed();

private:
  using positions = std::map<user_id, position_update>;
  using cursors = std::map<std::pair<user_id, device_id>, cursor_update>;

  positions positions_, positions_written_;
  cursors cursors_, cursors_written_;
  bool writing_ = false;
};

} // namespace parley::actors
