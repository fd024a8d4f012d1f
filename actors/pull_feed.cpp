#include "actors/pull_feed.hpp"

#include <utility>

namespace parley::actors {

void pull_feed::focus(const conversation_id& conversation, const user_id& user, const session_id& session,
                      const client_link_ptr& link, seq_no head) {
  focused_[session] = {user, link};
  link->focus(conversation, head);
}

void pull_feed::drop(const user_id& user) {
  std::erase_if(focused_, [&](const auto& one) { return one.second.user == user; });
}

void pull_feed::push(const live_entry_ptr& item) const {
  for (const auto& [_, one] : focused_) one.link->push(item);
}

std::set<session_id> pull_feed::sessions() const {
  std::set<session_id> all;
  for (const auto& [session, _] : focused_) all.insert(session);
  return all;
}

bool pull_feed::take_hint(instant now) {
  if (!owed_ || (hinted_ && now - *hinted_ < interval_)) return false;
  owed_ = false;
  hinted_ = now;
  return true;
}

std::optional<instant> pull_feed::next_hint() const {
  if (!owed_) return std::nullopt;
  return hinted_ ? *hinted_ + interval_ : instant{};
}

} // namespace parley::actors
