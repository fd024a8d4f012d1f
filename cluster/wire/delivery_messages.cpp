#include "cluster/wire/delivery_messages.hpp"

#include <utility>

#include <parley/ensure.hpp>
#include <parley_wire_pb/messages.pb.h>

#include "cluster/wire/append_messages.hpp"

// Structs are taken apart as a whole: one that gets a member does not compile here until the member has its field.

namespace parley::cluster::wire {

namespace {

void write(const live_entry& from, pb::live_entry& to) {
  const auto& [conversation, seq, author, frame, author_frame, apart, begins_push, origin] = from;
  to.set_conversation(to_wire(conversation));
  to.set_seq(seq);
  to.set_author(to_wire(author));
  to.set_frame(frame);
  to.set_author_frame(author_frame);
  to.set_apart(apart);
  to.set_begins_push(begins_push);
  if (origin) wire::write(*origin, *to.mutable_origin());
}

live_entry_ptr read(pb::live_entry& from, reading& notes) {
  auto to = std::make_shared<live_entry>();
  to->conversation = notes.value<conversation_id>(from.conversation(), "conversation");
  to->seq = from.seq();
  to->author = notes.value<user_id>(from.author(), "author");
  to->frame = std::move(*from.mutable_frame());
  to->author_frame = std::move(*from.mutable_author_frame());
  to->apart = from.apart();
  to->begins_push = from.begins_push();
  if (from.has_origin()) wire::read(*from.mutable_origin(), to->origin.emplace(), notes);
  return to;
}

// One function a call of `client_link`. -----------------------------------------------------------------------------

void write(const push_call& from, pb::delivery_call& to) {
  const auto& [item] = from;
  ensure(item != nullptr, "a push has an entry");
  write(*item, *to.mutable_push());
}

void write(const event_call& from, pb::delivery_call& to) {
  const auto& [open_frame] = from;
  ensure(open_frame != nullptr, "an event has a frame");
  to.set_event(*open_frame);
}

void write(const ephemeral_call& from, pb::delivery_call& to) {
  const auto& [frame] = from;
  ensure(frame != nullptr, "an ephemeral call has a frame");
  to.set_ephemeral(*frame);
}

void write(const hint_call& from, pb::delivery_call& to) {
  const auto& [conversation, head] = from;
  to.mutable_hint()->set_conversation(to_wire(conversation));
  to.mutable_hint()->set_head(head);
}

void write(const focus_call& from, pb::delivery_call& to) {
  const auto& [conversation, head] = from;
  to.mutable_focus()->set_conversation(to_wire(conversation));
  to.mutable_focus()->set_head(head);
}

void write(const unfocus_call& from, pb::delivery_call& to) {
  const auto& [conversation] = from;
  to.set_unfocus(to_wire(conversation));
}

void write(const delivery_call& from, pb::delivery_call& to) {
  std::visit([&](const auto& call) { write(call, to); }, from);
}

std::shared_ptr<const std::string> shared(std::string& frame) {
  return std::make_shared<const std::string>(std::move(frame));
}

conversation_id conversation(const std::string& bytes, reading& notes) {
  return notes.value<conversation_id>(bytes, "conversation");
}

delivery_call read(pb::delivery_call& from, reading& notes) {
  switch (from.call_case()) {
  case pb::delivery_call::kPush: return push_call{read(*from.mutable_push(), notes)};
  case pb::delivery_call::kEvent: return event_call{shared(*from.mutable_event())};
  case pb::delivery_call::kEphemeral: return ephemeral_call{shared(*from.mutable_ephemeral())};
  case pb::delivery_call::kHint: return hint_call{conversation(from.hint().conversation(), notes), from.hint().head()};
  case pb::delivery_call::kFocus:
    return focus_call{conversation(from.focus().conversation(), notes), from.focus().head()};
  case pb::delivery_call::kUnfocus: return unfocus_call{conversation(from.unfocus(), notes)};
  case pb::delivery_call::CALL_NOT_SET: break;
  }
  notes.refuse_absence("the call of a delivery");
  return {};
}

} // namespace

void write(const fan_out& from, pb::fan_out& to) {
  const auto& [users, except, call] = from;
  to.mutable_users()->Reserve(static_cast<int>(users.size()));
  for (const auto& user : users) to.add_users(to_wire(user));
  to.set_except_packed(packed(except));
  write(call, *to.mutable_call());
}

void read(pb::fan_out& from, fan_out& to, reading& notes) {
  to.users = notes.values<user_id>(from.users(), "users");
  to.except = notes.unpacked<session_id>(from.except_packed(), "except");
  to.call = read(*from.mutable_call(), notes);
}

void write(const deliver& from, pb::deliver& to) {
  const auto& [sessions, call] = from;
  to.set_sessions_packed(packed(sessions));
  write(call, *to.mutable_call());
}

void read(pb::deliver& from, deliver& to, reading& notes) {
  to.sessions = notes.unpacked<session_id>(from.sessions_packed(), "sessions");
  to.call = read(*from.mutable_call(), notes);
}

} // namespace parley::cluster::wire
