#include "tools/parleyctl/own_messages.hpp"

#include <algorithm>

namespace parley::ctl {

namespace {

constexpr std::size_t unread_max = 100;

} // namespace

progress own_messages::reached(seq_no seq) const {
  return seq <= read_ ? progress::read : seq <= delivered_ ? progress::delivered : progress::sent;
}

void own_messages::add(const shown_entry& message) {
  if (message.reached == progress::read) return;
  unread_.push_back(message);
  if (unread_.size() > unread_max) unread_.pop_front();
}

std::optional<shown_entry> own_messages::raise(progress to, seq_no seq) {
  auto& position = to == progress::read ? read_ : delivered_;
  position = std::max(position, seq);
  std::optional<shown_entry> newest;
  for (auto& message : unread_) {
    if (reached(message.seq) == message.reached) continue;
    message.reached = reached(message.seq);
    newest = message;
  }
  std::erase_if(unread_, [](const shown_entry& message) { return message.reached == progress::read; });
  return newest;
}

} // namespace parley::ctl
