#include <parley/hint_list.hpp>

#include <utility>

namespace parley {

void hint_list::owe(const conversation_id& conversation, seq_no head) {
  auto& where = lines_[conversation];
  if (head < where.head) return;
  where.head = head;
  if (!std::exchange(where.is_owed, true)) owed_.push_back(conversation);
}

void hint_list::restart(const conversation_id& conversation, seq_no head) {
  lines_[conversation].head = head;
  owe(conversation, head);
}

std::optional<hint_list::hint> hint_list::say(std::uint64_t s) {
  if (owed_.empty()) return std::nullopt;
  const auto conversation = owed_.front();
  owed_.erase(owed_.begin());
  auto& where = lines_[conversation];
  where.said_at = s;
  where.is_owed = false;
  return hint{conversation, where.head};
}

void hint_list::owe_since(std::uint64_t s) {
  for (auto& [conversation, where] : lines_)
    if (where.said_at >= s && !std::exchange(where.is_owed, true)) owed_.push_back(conversation);
}

} // namespace parley
