#include "actors/presence_state.hpp"

#include <algorithm>

namespace parley::actors {

void presence_state::show(const session_id& session, std::optional<presence_choice> choice, timestamp now, instant at) {
  const auto visible_before = shown();
  std::erase_if(sessions_, [&](const shown_session& one) { return one.session == session; });
  if (choice) {
    sessions_.reserve(sessions_.size() + 1);
    sessions_.push_back({session, *choice});
  }
  if (shown()) {
    leaving_at_.reset();
    return;
  }
  if (!visible_before) {
    // Whoever hides during the grace is offline at once.
    if (!sessions_.empty()) leaving_at_.reset();
    return;
  }
  last_seen_ = now;
  last_seen_stored_ = false;
  if (sessions_.empty()) {
    before_ = *visible_before;
    leaving_at_ = at + grace_;
  }
}

void presence_state::remember(const std::optional<timestamp>& last_seen) {
  if (last_seen && (!last_seen_ || *last_seen > *last_seen_)) last_seen_ = last_seen;
}

std::optional<presence_status> presence_state::shown() const {
  std::optional<presence_status> best;
  for (const auto& [_, choice] : sessions_) {
    if (choice == presence_choice::invisible) return std::nullopt;
    if (choice == presence_choice::online) best = presence_status::online;
    if (choice == presence_choice::away && !best) best = presence_status::away;
  }
  return best;
}

presence_status presence_state::status(instant at) const {
  if (const auto now = shown()) return *now;
  return leaving_at_ && at < *leaving_at_ ? before_ : presence_status::offline;
}

presence_view presence_state::view(timestamp now, instant at) const {
  const auto is_there = shown().has_value();
  return {status(at), is_there ? std::optional{now} : last_seen_};
}

bool presence_state::take_change(instant at) {
  if (status(at) == told_ || (told_at_ && at - *told_at_ < interval_)) return false;
  told_ = status(at);
  told_at_ = at;
  return true;
}

std::optional<timestamp> presence_state::take_last_seen(instant at) {
  if (last_seen_stored_ || shown() || (leaving_at_ && at < *leaving_at_)) return std::nullopt;
  leaving_at_.reset();
  last_seen_stored_ = true;
  return last_seen_;
}

void presence_state::leave_now(timestamp now) {
  if (shown()) {
    last_seen_ = now;
    last_seen_stored_ = false;
  }
  sessions_.clear();
  leaving_at_.reset();
}

std::optional<instant> presence_state::next(instant at) const {
  std::optional<instant> due;
  if (leaving_at_ && at < *leaving_at_) due = *leaving_at_;
  if (status(at) != told_) {
    const auto tell_at = told_at_ ? std::max(*told_at_ + interval_, at) : at;
    due = due ? std::min(*due, tell_at) : tell_at;
  }
  return due;
}

} // namespace parley::actors
