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

live_entry_ptr make_live(const entry& item, std::optional<entry_origin> origin) {
  auto live = std::make_shared<live_entry>();
  live->conversation = item.conversation;
  live->seq = item.seq;
  live->author = item.author;
  live->frame = encode_entry(item, false);
  if (item.client) live->author_frame = encode_entry(item, true);
  live->origin = std::move(origin);
  return live;
}

session_window::session_window(session_id session, user_id user, session_output& output)
    : session_{std::move(session)}, user_{std::move(user)}, output_{output} {}

void session_window::push(const live_entry_ptr& item) {
  if (item->origin && item->origin->session == session_) acknowledge_once(item->origin->ack).echo = item->origin->echo;

  auto& where = lines_[item->conversation];
  where.heard = std::max(where.heard, item->seq);
  if (where.next == 0 && !replaying_) {
    // A conversation that came after the replay: its first push is the entry that made the user a member.
    where.next = item->seq;
  }
  if (where.next != 0 && item->seq < where.next) return;
  if (where.now == phase::lagging) return;
  if (replaying_ || where.now == phase::filling) return hold(where, item);
  if (item->seq > where.next) {
    hold(where, item);
    return settle(item->conversation, where);
  }
  emit(where, item);
}

void session_window::event(std::shared_ptr<const std::string> open_frame) {
  // A receipt that finds no room is lost: the positions are in `members`, and the next one covers it.
  if (!output_.full()) output_.put(std::move(open_frame), ++s_);
}

void session_window::acknowledge(const acknowledgement& ack) {
  if (ack.duplicate) return output_.put(encode(ack));
  acknowledge_once(ack);
}

void session_window::reply(std::string frame) { output_.put(std::move(frame)); }

void session_window::replay(const conversation_id& conversation, seq_no cursor,
                            const std::vector<live_entry_ptr>& items, seq_no head) {
  missed_.push_back({conversation, cursor, items, head});
  replay_on();
}

void session_window::end_replay(std::string synced) {
  synced_ = std::move(synced);
  replay_on();
}

void session_window::replay_on() {
  for (; !missed_.empty(); missed_.pop_front())
    if (!replay_all(missed_.front())) return;
  if (!synced_) return;
  output_.put(*std::exchange(synced_, std::nullopt));
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
    const auto first = what.items.empty() ? what.head + 1 : what.items.front()->seq;
    if (first > what.cursor + 1) output_.put(encode_gap(what.conversation, what.cursor + 1, first - 1));
    where.next = first;
  }
  for (; what.sent < what.items.size(); ++what.sent) {
    if (output_.busy()) return false;
    emit(where, what.items[what.sent]);
  }
  return true;
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
  where.now = phase::live;
  where.next = std::max(where.next, head + 1);
  settle(conversation, where);
}

void session_window::drained() {
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
  if (const auto* own = find_own(item->conversation, item->seq); own && !own->echo) {
    // The acknowledgement, written by now, stands for the push.
    ++where.next;
    return;
  }
  if (output_.full()) return lag(item->conversation, where);
  output_.put(frame_of(item, user_), ++s_);
  ++where.next;
}

void session_window::settle(const conversation_id& conversation, line& where) {
  where.now = phase::live;
  auto held = std::exchange(where.held, {});
  auto next = held.begin();
  for (; next != held.end() && where.now == phase::live; ++next) {
    if ((*next)->seq < where.next) continue;
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

void session_window::say_lag() { output_.put(encode_lag(std::exchange(lag_unsaid_, {}))); }

session_window::own_entry* session_window::find_own(const conversation_id& conversation, seq_no seq) {
  const auto found = std::find_if(own_.begin(), own_.end(), [&](const own_entry& one) {
    return one.seq == seq && one.conversation == conversation;
  });
  return found == own_.end() ? nullptr : &*found;
}

session_window::own_entry& session_window::acknowledge_once(const acknowledgement& ack) {
  if (auto* known = find_own(ack.conversation, ack.seq)) return *known;
  output_.put(encode(ack));
  if (own_.size() >= own_max) own_.erase(own_.begin());
  return own_.emplace_back(own_entry{ack.conversation, ack.seq, true});
}

} // namespace parley
