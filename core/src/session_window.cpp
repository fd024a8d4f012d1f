#include <parley/session_window.hpp>

#include <algorithm>

namespace parley {

namespace {

/// Entries that may wait for a hole; what comes beyond them is read from the log later.
constexpr std::size_t held_max = 64;
/// Own entries kept to tell their second way here from the first; twice the requests that can be in flight.
constexpr std::size_t own_max = 64;

/// The open frame as `reader` gets it; lives as long as the entry does.
std::shared_ptr<const std::string> frame_of(const live_entry_ptr& item, const user_id& reader) {
  return {item, &item->frame_for(reader)};
}

} // namespace

live_entry_ptr make_live(const entry& item, std::optional<entry_origin> origin, push_manner manner) {
  auto live = std::make_shared<live_entry>();
  live->conversation = item.conversation;
  live->seq = item.seq;
  live->author = item.author;
  live->frame = encode_entry(item, false);
  if (item.client) live->author_frame = encode_entry(item, true);
  live->apart = manner.apart;
  live->begins_push = manner.begins_push;
  live->origin = std::move(origin);
  return live;
}

session_window::session_window(session_id session, user_id user, session_output& output, resume_limits limits)
    : session_{session}, user_{std::move(user)}, output_{output}, kept_{limits} {}

void session_window::push(const live_entry_ptr& item) {
  if (item->origin && item->origin->session == session_) {
    auto& own = acknowledge_once(item->origin->ack);
    own.echo = item->origin->echo || own.is_unheard;
  }

  if (item->apart) {
    const auto found = lines_.find(item->conversation);
    if (found == lines_.end() || !found->second.is_focused) return push_apart(item);
  }
  auto& where = lines_[item->conversation];
  where.heard = std::max(where.heard, item->seq);
  if (where.next == 0 && !replaying_) {
    // A conversation that came after the replay: its first push is the entry that made the user a member.
    where.next = item->seq;
  }
  if (where.next != 0 && item->seq < where.next) return;
  if (where.now == phase::lagging) return;
  if (replaying_) return hold(where, item);
  if (item->begins_push) {
    std::erase_if(where.held, [&](const live_entry_ptr& earlier) { return earlier->seq < item->seq; });
    where.next = item->seq;
    hold(where, item);
    return settle(item->conversation, where);
  }
  if (where.now == phase::filling) return hold(where, item);
  if (item->seq > where.next) {
    hold(where, item);
    return settle(item->conversation, where);
  }
  emit(where, item);
}

void session_window::push_apart(const live_entry_ptr& item) {
  auto& last = apart_.edit()[item->conversation];
  const auto known = lines_.find(item->conversation);
  if (item->seq <= last || (known != lines_.end() && item->seq < known->second.next)) return;
  last = item->seq;
  if (!write(item)) lag(item->conversation, lines_[item->conversation]);
}

void session_window::event(std::shared_ptr<const std::string> open_frame) {
  // A receipt that finds no room is lost: the positions are in `members`, and the next one covers it.
  if (!full()) send(std::move(open_frame));
}

void session_window::ephemeral(std::shared_ptr<const std::string> frame) {
  if (is_attached_ && !output_.busy()) output_.put_shared(std::move(frame));
}

void session_window::hint(const conversation_id& conversation, seq_no head) {
  hints_.edit().owe(conversation, head);
  say_hints();
}

void session_window::focus(const conversation_id& conversation, seq_no head) {
  drop_line(conversation);
  lines_.emplace(conversation, line{.next = head + 1, .heard = head, .held = {}, .is_focused = true});
  hints_.edit().restart(conversation, head);
  say_hints();
}

void session_window::unfocus(const conversation_id& conversation) { drop_line(conversation); }

void session_window::acknowledge(const acknowledgement& ack) {
  if (!ack.duplicate)
    acknowledge_once(ack);
  else if (answers_wanted_)
    output_.put(encode(ack));
}

void session_window::reply(std::string frame) {
  if (answers_wanted_) output_.put(std::move(frame));
}

void session_window::replay(const conversation_id& conversation, seq_no cursor,
                            const std::vector<live_entry_ptr>& items, seq_no head) {
  missed_.push_back({conversation, cursor, items, head});
  replay_on();
}

void session_window::end_replay(std::string synced) {
  synced_ = std::make_unique<std::string>(std::move(synced));
  replay_on();
}

void session_window::replay_on() {
  for (; !missed_.empty(); missed_.pop_front())
    if (!replay_all(missed_.front())) return;
  if (!synced_ || (is_attached_ && hints_.get().owes())) return;
  output_.put_notice(*std::exchange(synced_, nullptr));
  // Who lacks a part of the replay lacks its gaps too, perhaps.
  kept_.raise_floor(gap_is_last_ ? s_ + 1 : s_);
  replaying_ = false;
  for (auto& [conversation, where] : lines_) {
    if (where.next == 0) where.next = where.held.empty() ? where.heard + 1 : where.held.front()->seq;
    settle(conversation, where);
  }
}

bool session_window::replay_all(missed& what) {
  auto& where = lines_[what.conversation];
  if (where.next == 0) {
    where.heard = std::max(where.heard, what.head);
    where.next = what.cursor + 1;
  }
  for (; what.sent < what.items.size(); ++what.sent) {
    const auto& item = what.items[what.sent];
    if (item->seq < where.next) continue;
    skip_to(what.conversation, where, item->seq);
    if (output_.busy()) return false;
    emit(where, item);
  }
  skip_to(what.conversation, where, what.head + 1);
  return true;
}

void session_window::skip_to(const conversation_id& conversation, line& where, seq_no seq) {
  if (where.next >= seq) return;
  output_.put_notice(encode_gap(conversation, where.next, seq - 1));
  where.next = seq;
  gap_is_last_ = true;
}

void session_window::fill(const conversation_id& conversation, const std::vector<live_entry_ptr>& items) {
  const auto found = lines_.find(conversation);
  if (found == lines_.end() || found->second.now != phase::filling) return;
  auto& where = found->second;
  // What lies before them is not for this reader: it was no member then.
  if (!items.empty()) where.next = std::max(where.next, items.front()->seq);
  for (const auto& item : items) {
    if (item->seq < where.next) continue;
    if (item->seq > where.next || where.now == phase::lagging) break;
    emit(where, item);
  }
  // Nothing behind what was sent: the log ends there, whatever was heard.
  if (items.empty()) where.heard = where.next - 1;
  if (where.now != phase::lagging) settle(conversation, where);
}

void session_window::shown(const conversation_id& conversation, seq_no head) {
  const auto found = lines_.find(conversation);
  if (found == lines_.end() || found->second.now != phase::lagging) return;
  auto& where = found->second;
  --lagging_;
  std::erase(lag_unsaid_, conversation);
  // Who has no later push may not have got what it was shown.
  kept_.raise_floor(s_ + 1);
  where.now = phase::live;
  where.next = std::max(where.next, head + 1);
  settle(conversation, where);
}

void session_window::drained() {
  if (!is_attached_) return;
  say_hints();
  if (!lag_unsaid_.empty() && !output_.full()) say_lag();
  replay_on();
}

void session_window::hold(line& where, const live_entry_ptr& item) {
  if (where.held.size() >= held_max) return;
  const auto place = std::lower_bound(where.held.begin(), where.held.end(), item,
                                      [](const auto& one, const auto& other) { return one->seq < other->seq; });
  if (place == where.held.end() || (*place)->seq != item->seq) where.held.insert(place, item);
}

void session_window::emit(line& where, const live_entry_ptr& item) {
  const auto apart = apart_.get().find(item->conversation);
  const auto is_sent = apart != apart_.get().end() && apart->second == item->seq;
  if (!is_sent && !write(item)) return lag(item->conversation, where);
  if (item->apart) apart_.edit()[item->conversation] = item->seq;
  where.next = item->seq + 1;
}

bool session_window::write(const live_entry_ptr& item) {
  if (const auto* own = find_own(item->conversation, item->seq); own && !own->echo) {
    // The acknowledgement, written by now, stands for the push.
    kept_.withhold(frame_of(item, user_), own->s);
    return true;
  }
  if (full()) return false;
  send(frame_of(item, user_));
  return true;
}

void session_window::send(std::shared_ptr<const std::string> open_frame) {
  ++s_;
  gap_is_last_ = false;
  if (is_attached_) output_.put(open_frame, s_);
  kept_.keep(std::move(open_frame), s_);
}

void session_window::settle(const conversation_id& conversation, line& where) {
  where.now = phase::live;
  auto held = std::exchange(where.held, {});
  auto next = held.begin();
  for (; next != held.end() && where.now == phase::live; ++next) {
    if ((*next)->seq < where.next) continue;
    if ((*next)->begins_push) where.next = (*next)->seq;
    if ((*next)->seq > where.next) break;
    emit(where, *next);
  }
  if (where.now == phase::lagging) return;
  where.held.assign(next, held.end());
  if (where.next <= where.heard) {
    where.now = phase::filling;
    output_.need(conversation, where.next - 1);
  }
}

void session_window::lag(const conversation_id& conversation, line& where) {
  where.now = phase::lagging;
  where.held.clear();
  lag_unsaid_.push_back(conversation);
  // The first word of lag goes out behind the full queue; further conversations wait until there is room again.
  if (++lagging_ == 1) say_lag();
}

void session_window::say_lag() { output_.put_notice(encode_lag(std::exchange(lag_unsaid_, {}))); }

void session_window::say_hints() {
  while (is_attached_ && hints_.get().owes() && !output_.full()) {
    const auto next = *hints_.edit().say(s_);
    output_.put_notice(encode_hint(next.conversation, next.head));
  }
}

void session_window::drop_line(const conversation_id& conversation) {
  const auto found = lines_.find(conversation);
  if (found == lines_.end()) return;
  if (found->second.now == phase::lagging) {
    --lagging_;
    std::erase(lag_unsaid_, conversation);
  }
  lines_.erase(found);
}

// Transports. ---------------------------------------------------------------------------------------------------------

void session_window::detach() {
  is_attached_ = false;
  answers_wanted_ = false;
  detached_at_ = s_;
}

bool session_window::may_resume() const {
  return !replaying_ && lagging_ == 0 && kept_.floor() <= (is_attached_ ? s_ : detached_at_);
}

bool session_window::can_resume(std::uint64_t s) const {
  return may_resume() && s >= kept_.floor() && s <= (is_attached_ ? s_ : detached_at_);
}

void session_window::resume(std::uint64_t s) {
  is_attached_ = true;
  answers_wanted_ = true;
  for (auto& own : own_)
    if (own.s >= s) own.echo = own.is_unheard = true;
  std::vector<std::shared_ptr<const std::string>> withheld;
  for (auto& push : kept_.take_after(s)) {
    if (push.withheld) {
      withheld.push_back(std::move(push.open_frame));
    } else {
      output_.put(push.open_frame, push.s);
      kept_.keep(std::move(push.open_frame), push.s);
    }
  }
  for (auto& frame : withheld) send(std::move(frame));
  if (auto* hints = hints_.if_used()) hints->owe_since(s);
  say_hints();
}

session_window::own_entry* session_window::find_own(const conversation_id& conversation, seq_no seq) {
  const auto found = std::find_if(own_.begin(), own_.end(), [&](const own_entry& one) {
    return one.seq == seq && one.conversation == conversation;
  });
  return found == own_.end() ? nullptr : &*found;
}

session_window::own_entry& session_window::acknowledge_once(const acknowledgement& ack) {
  if (auto* known = find_own(ack.conversation, ack.seq)) return *known;
  if (answers_wanted_) output_.put(encode(ack));
  if (own_.size() >= own_max) own_.erase(own_.begin());
  return own_.emplace_back(
      own_entry{.conversation = ack.conversation, .seq = ack.seq, .s = s_, .is_unheard = !answers_wanted_});
}

} // namespace parley
