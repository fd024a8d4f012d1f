#include "tests/unit/actors/follower.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/actors/client.hpp"

namespace parley::tests {

namespace {

conversation_id conversation_in(std::string_view frame) {
  return parse_conversation_id(frame_field(frame, "conversation")).value_or(conversation_id{});
}

seq_no number_in(std::string_view frame, std::string_view name) {
  const auto text = frame_field(frame, name);
  return text.empty() ? 0 : std::stoull(text);
}

} // namespace

void follower::attach(actors::session_handle* handle) {
  const std::lock_guard guard{lock_};
  handle_ = handle;
  if (handle_)
    for (const auto& hole : std::exchange(holes_, {})) handle_->need(hole);
}

seq_no follower::position(const conversation_id& id) const {
  const std::lock_guard guard{lock_};
  const auto found = positions_.find(id);
  return found == positions_.end() ? 0 : behind_own(id, found->second);
}

std::map<std::string, std::pair<conversation_id, seq_no>> follower::acknowledged() const {
  const std::lock_guard guard{lock_};
  return acknowledged_;
}

bool follower::is_synced() const {
  const std::lock_guard guard{lock_};
  return synced_;
}

bool follower::is_closed() const {
  const std::lock_guard guard{lock_};
  return closed_;
}

std::string follower::violation() const {
  const std::lock_guard guard{lock_};
  return violation_;
}

void follower::push(live_entry_ptr item) {
  const std::lock_guard guard{lock_};
  window_.push(item);
}

void follower::event(std::shared_ptr<const std::string> open_frame) {
  const std::lock_guard guard{lock_};
  window_.event(std::move(open_frame));
}

void follower::acknowledge(acknowledgement ack) {
  const std::lock_guard guard{lock_};
  window_.acknowledge(ack);
}

void follower::reply(std::string frame) {
  const std::lock_guard guard{lock_};
  window_.reply(std::move(frame));
}

void follower::reply_history(std::string frame, conversation_id conversation, seq_no head) {
  const std::lock_guard guard{lock_};
  window_.reply(std::move(frame));
  window_.shown(conversation, head);
}

void follower::greet() {
  const std::lock_guard guard{lock_};
  greeted_ = true;
}

void follower::replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) {
  const std::lock_guard guard{lock_};
  positions_[conversation] = cursor;
  window_.replay(conversation, cursor, items, head);
}

void follower::end_replay(std::string synced) {
  const std::lock_guard guard{lock_};
  window_.end_replay(std::move(synced));
  synced_ = true;
}

void follower::fill(conversation_id conversation, std::vector<live_entry_ptr> items) {
  const std::lock_guard guard{lock_};
  window_.fill(conversation, items);
}

void follower::close(actors::close_code, std::string) {
  const std::lock_guard guard{lock_};
  closed_ = true;
}

void follower::put(std::string frame) {
  if (!greeted_) object("a frame before the welcome");
  const auto type = frame_field(frame, "type");
  if (type == "gap") positions_[conversation_in(frame)] = number_in(frame, "to");
  if (type != "ack" || frame.find("conversation") == std::string::npos) return;
  const auto ref = frame_field(frame, "ref");
  const std::pair place{conversation_in(frame), number_in(frame, "seq")};
  if (!acknowledged_.emplace(ref, place).second) object(fmt::format("request {} was acknowledged twice", ref));
  if (frame_field(frame, "duplicate") == "false") {
    own_.insert(place);
    if (pushed_.contains(place))
      object(fmt::format("own entry {} was pushed before its acknowledgement", place.second));
  }
  if (on_ack) on_ack(ref);
}

void follower::put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  if (!greeted_) object("a push before the welcome");
  if (s != ++last_s_) object(fmt::format("s {} where {} was due", s, last_s_));
  if (open_frame->starts_with(R"({"type":"receipt")")) return;
  const auto id = conversation_in(*open_frame);
  const auto seq = number_in(*open_frame, "seq");
  pushed_.insert({id, seq});
  const auto [place, is_new] = positions_.try_emplace(id, seq);
  if (is_new) return;
  auto& position = place->second;
  if (seq > position + 1) position = std::min(behind_own(id, position), seq - 1);
  if (seq != position + 1) object(fmt::format("entry {} where {} was due", seq, position + 1));
  position = seq;
}

seq_no follower::behind_own(const conversation_id& id, seq_no position) const {
  while (own_.contains({id, position + 1})) ++position;
  return position;
}

void follower::need(const conversation_id& conversation, seq_no after) {
  if (handle_)
    handle_->need({conversation, after});
  else
    holes_.push_back({conversation, after});
}

void follower::object(std::string what) {
  if (violation_.empty()) violation_ = std::move(what);
}

} // namespace parley::tests
