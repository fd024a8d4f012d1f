#include "tools/parleyctl/chat_session.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/client/server_url.hpp"
#include "tools/parleyctl/entry_text.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/refusal.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

constexpr unsigned page = 200;

// What a reply answers.
constexpr std::string_view send_ref = "send", members_ref = "members", history_ref = "history";

seq_no seq_in(const json::object& frame, std::string_view name) {
  return static_cast<seq_no>(std::max<std::int64_t>(0, number_in(frame, name)));
}

} // namespace

chat_session::chat_session(chat_session_options options, chat_view& view)
    : options_{std::move(options)}, view_{view}, conversation_{options_.conversation} {
  if (conversation_.empty())
    conversation_ = to_string(direct_conversation(options_.self, options_.peer));
  else
    exists_ = true;
}

std::string chat_session::target() const {
  std::string target = "/connect";
  auto mark = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    target += fmt::format("{}{}={}", std::exchange(mark, '&'), name, client::percent_encode(value));
  };
  if (!options_.device.value.empty()) add("device", options_.device.value);
  if (options_.history || !options_.wants_entries) add("replay", "none");
  if (!session_.empty()) {
    add("resume", session_);
    add("key", resume_key_);
    add("s", std::to_string(pushes_));
  }
  return target;
}

result<void> chat_session::on_frame(std::string_view text, instant now) {
  json::error_code trouble;
  const auto value = json::parse(json::string_view{text.data(), text.size()}, trouble);
  const auto* const found = trouble ? nullptr : value.if_object();
  if (found == nullptr) return fail(errc::bad_frame, "the server sent what is not a JSON object");
  const auto& frame = *found;
  pushes_ = std::max(pushes_, number_in(frame, "s"));

  const auto type = text_in(frame, "type");
  if (type == "welcome") return on_welcome(frame);
  if (type == "error") return on_error(frame, now);
  if (type == "ack")
    on_ack(frame);
  else if (type == "members")
    on_members(frame);
  else if (type == "history")
    on_history(frame);
  else if (type == "gap")
    on_gap(frame);
  else if (type == "receipt")
    on_receipt(frame);
  else if (type == "hint" && is_ours(frame))
    on_head(seq_in(frame, "head"));
  else if (type == "lag" && shown_)
    ask_for_history();
  else if (type == "bye")
    return_delay_ = std::chrono::milliseconds{number_in(frame, "afterMs")};
  else if (is_entry(type))
    on_entry(frame);
  return {};
}

// Connecting

result<void> chat_session::on_welcome(const json::object& frame) {
  if (const auto user = text_in(frame, "user"); user != options_.self.value)
    return fail(errc::unauthenticated, fmt::format("the token belongs to {}, not to {}", user, options_.self.value));
  if (!flag_in(frame, "resumed")) pushes_ = 0;
  session_ = text_in(frame, "session");
  resume_key_ = text_in(frame, "resumeKey");
  if (const auto heartbeat = number_in(frame, "heartbeatMs"); heartbeat > 0)
    heartbeat_ = std::chrono::milliseconds{heartbeat};
  connected_ = true;

  // A large group pushes its entries only to those who look at it.
  if (options_.peer.value.empty()) say({{"type", "focus"}, {"conversations", json::array{conversation_}}});
  confirmed_ = 0;
  start_reading();
  send_positions();
  send_next();
  return {};
}

void chat_session::on_connection_lost() {
  connected_ = reading_ = false;
  read_at_.reset();
  queue_.interrupt();
  outgoing_.clear();
}

std::vector<std::string> chat_session::take_outgoing() { return std::exchange(outgoing_, {}); }

std::optional<std::chrono::milliseconds> chat_session::take_return_delay() {
  return std::exchange(return_delay_, std::nullopt);
}

std::optional<instant> chat_session::repeat_at() const {
  const auto send_at = queue_.repeat_at();
  return send_at && read_at_ ? std::min(*send_at, *read_at_) : send_at ? send_at : read_at_;
}

void chat_session::repeat(instant now) {
  queue_.resume(now);
  send_next();
  if (!read_at_ || now < *read_at_) return;
  read_at_.reset();
  start_reading();
}

// Sending

void chat_session::post(std::string text) {
  queue_.post(std::move(text));
  send_next();
}

void chat_session::send_next() {
  const auto* const message = connected_ ? queue_.start() : nullptr;
  if (message == nullptr) return;
  json::object frame{{"type", "send"}, {"ref", send_ref}, {"clientId", message->client_id}, {"text", message->text}};
  if (exists_)
    frame["conversation"] = conversation_;
  else
    frame["to"] = options_.peer.value;
  say(frame);
}

void chat_session::on_ack(const json::object& frame) {
  if (!queue_.is_under_way() || text_in(frame, "ref") != send_ref) return;
  static_cast<void>(queue_.finish());
  exists_ = true;
  conversation_ = text_in(frame, "conversation");
  view_.show_sent({.conversation = conversation_,
                   .id = std::string{text_in(frame, "id")},
                   .client_id = std::string{text_in(frame, "clientId")},
                   .seq = seq_in(frame, "seq"),
                   .ts = number_in(frame, "ts"),
                   .duplicate = flag_in(frame, "duplicate")});
  send_next();
}

result<void> chat_session::on_error(const json::object& frame, instant now) {
  const auto ref = text_in(frame, "ref");
  if (ref == send_ref && queue_.is_under_way()) on_send_error(frame, now);
  if (ref == members_ref || ref == history_ref) return on_reading_error(frame, now);
  return {}; // what follows from any other is told by how the connection ends
}

void chat_session::on_send_error(const json::object& frame, instant now) {
  if (const auto wait = asked_to_wait(frame)) return queue_.repeat(now + *wait);
  view_.show_refused(queue_.finish().text, refusal_in(frame).detail);
  send_next();
}

// Reading

void chat_session::start_reading() {
  if (shown_ || !options_.history) {
    if (shown_) ask_for_history();
    return;
  }
  // First how far the others are, so that the entries are shown with their ticks.
  say({{"type", "members"}, {"ref", members_ref}, {"conversation", conversation_}});
}

result<void> chat_session::on_reading_error(const json::object& frame, instant now) {
  reading_ = false;
  if (const auto wait = asked_to_wait(frame)) {
    read_at_ = now + *wait;
    return {};
  }
  // Two users who never wrote to each other have no conversation yet.
  if (text_in(frame, "code") != "not_found" || options_.peer.value.empty()) return fail(refusal_in(frame));
  if (!shown_) shown_ = 0;
  on_head(head_);
  return {};
}

void chat_session::ask_for_history() {
  if (reading_ || !connected_ || !options_.wants_entries) return;
  reading_ = true;
  json::object frame{{"type", "history"}, {"ref", history_ref}, {"conversation", conversation_}};
  if (shown_) frame["after"] = *shown_;
  frame["limit"] = shown_ ? page : std::max(1U, options_.history.value_or(page));
  say(frame);
}

void chat_session::on_members(const json::object& frame) {
  if (const auto* const items = frame.if_contains("items"); items != nullptr && items->is_array()) {
    for (const auto& item : items->get_array()) {
      if (!item.is_object() || text_in(item.get_object(), "user") == options_.self.value) continue;
      raise(progress::delivered, seq_in(item.get_object(), "delivered"));
      raise(progress::read, seq_in(item.get_object(), "read"));
    }
  }
  exists_ = true;
  ask_for_history();
}

void chat_session::on_history(const json::object& frame) {
  if (text_in(frame, "ref") != history_ref) return;
  reading_ = false;
  exists_ = true;
  // Of the log up to now nothing is wanted but where it ends.
  if (!shown_ && options_.history == 0U) shown_ = seq_in(frame, "head");
  const auto before = shown_;
  if (const auto* const items = frame.if_contains("items"); items != nullptr && items->is_array()) {
    for (const auto& item : items->get_array())
      if (item.is_object()) take_entry(item.get_object());
  }
  // An empty page: whatever there is up to the head is not for us.
  if (shown_ == before && view_.wants_more()) shown_ = std::max(shown_.value_or(0), seq_in(frame, "head"));
  on_head(seq_in(frame, "head"));
  send_positions();
}

void chat_session::on_gap(const json::object& frame) {
  if (!is_ours(frame)) return;
  if (!shown_) shown_ = std::max<seq_no>(1, seq_in(frame, "from")) - 1;
  ask_for_history();
}

void chat_session::on_head(seq_no head) {
  head_ = std::max(head_, head);
  if (view_.wants_more() && shown_ && *shown_ < head_) ask_for_history();
}

void chat_session::on_entry(const json::object& frame) {
  if (!is_ours(frame) || !options_.wants_entries || !view_.wants_more()) return;
  exists_ = true;
  const auto seq = seq_in(frame, "seq");
  head_ = std::max(head_, seq);
  if (!shown_ && options_.history) return; // the page we asked for comes first
  if (!shown_) shown_ = seq - 1;
  if (seq > *shown_ + 1) return ask_for_history();
  if (reading_) return; // the page that is on its way, or the next, has it
  take_entry(frame);
  send_positions();
}

void chat_session::take_entry(const json::object& entry) {
  const auto seq = seq_in(entry, "seq");
  if (!view_.wants_more() || (shown_ && seq <= *shown_)) return;
  shown_ = seq;
  show(entry);
}

void chat_session::show(const json::object& entry) {
  shown_entry shown{.conversation = conversation_,
                    .seq = seq_in(entry, "seq"),
                    .from = std::string{text_in(entry, "from")},
                    .text = entry_text(entry),
                    .ts = number_in(entry, "ts"),
                    .is_message = text_in(entry, "type") == "message",
                    .frame = entry};
  shown.frame.stable_erase("s"); // it tells about the connection, not about the entry
  shown.is_own = shown.from == options_.self.value;
  shown.reached = own_.reached(shown.seq);
  if (shown.is_own) {
    if (shown.is_message) own_.add(shown);
  } else {
    to_confirm_ = shown.seq;
    // Who answers has read what went before, and no receipt says so.
    if (!options_.peer.value.empty()) raise(progress::read, shown.seq);
  }
  view_.show_entry(shown);
}

void chat_session::send_positions() {
  if (!connected_ || !options_.confirms || to_confirm_ == confirmed_) return;
  confirmed_ = to_confirm_;
  say({{"type", "read"}, {"conversation", conversation_}, {"seq", to_confirm_}});
}

void chat_session::on_receipt(const json::object& frame) {
  if (!is_ours(frame) || text_in(frame, "user") == options_.self.value) return;
  raise(text_in(frame, "status") == "read" ? progress::read : progress::delivered, seq_in(frame, "seq"));
}

void chat_session::raise(progress to, seq_no seq) {
  if (const auto newest = own_.raise(to, seq)) view_.show_progress(newest->reached, *newest);
}

bool chat_session::is_ours(const json::object& frame) const { return text_in(frame, "conversation") == conversation_; }

void chat_session::say(const json::object& frame) { outgoing_.push_back(json::serialize(frame)); }

} // namespace parley::ctl
