#include "actors/position_keeper.hpp"

#include <algorithm>
#include <set>

namespace parley::actors {

void position_keeper::raise(const position_update& to) {
  auto& kept = positions_[to.user];
  kept.user = to.user;
  kept.delivered = std::max(kept.delivered, to.delivered);
  kept.read = std::max(kept.read, to.read);
  kept.shown = std::max(kept.shown, to.shown);
}

void position_keeper::raise(const cursor_update& to) {
  auto& kept = cursors_[{to.user, to.device}];
  const auto seq = std::max(kept.seq, to.seq);
  kept = to;
  kept.seq = seq;
}

std::vector<position_update> position_keeper::waiting() const {
  std::vector<position_update> all;
  for (const auto& [_, to] : positions_) all.push_back(to);
  return all;
}

void position_keeper::move_into(conversation_write& write) {
  positions_written_ = std::exchange(positions_, {});
  cursors_written_ = std::exchange(cursors_, {});
  writing_ = true;
  for (const auto& [_, to] : positions_written_) write.positions.push_back(to);
  for (const auto& [_, to] : cursors_written_) write.cursors.push_back(to);
}

std::vector<user_id> position_keeper::stored() {
  writing_ = false;
  std::set<user_id> users;
  for (const auto& [user, _] : positions_written_) users.insert(user);
  for (const auto& [key, _] : cursors_written_) users.insert(key.first);
  positions_written_.clear();
  cursors_written_.clear();
  for (const auto& [user, _] : positions_) users.erase(user);
  for (const auto& [key, _] : cursors_) users.erase(key.first);
  return {users.begin(), users.end()};
}

void position_keeper::failed() {
  writing_ = false;
  for (const auto& [_, to] : std::exchange(positions_written_, {})) raise(to);
  for (const auto& [_, to] : std::exchange(cursors_written_, {})) raise(to);
}

} // namespace parley::actors
