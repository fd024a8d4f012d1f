#include "cluster/wire/append_messages.hpp"

#include <utility>

#include <parley_wire_pb/messages.pb.h>

// Structs are taken apart as a whole: one that gets a member does not compile here until the member has its field.

namespace parley::cluster::wire {

namespace {

void write(const client_ref& from, pb::client_ref& to) {
  const auto& [id, text] = from;
  to.set_id(to_wire(id));
  to.set_text(text);
}

void read(pb::client_ref& from, client_ref& to, reading& notes) {
  to.id = notes.value<client_id>(from.id(), "client");
  to.text = from.text();
}

void write(const acknowledgement& from, pb::acknowledgement& to) {
  const auto& [ref, client, conversation, seq, at, duplicate] = from;
  to.set_ref(ref);
  to.set_client(client);
  to.set_conversation(to_wire(conversation));
  to.set_seq(seq);
  to.set_at(to_wire(at));
  to.set_duplicate(duplicate);
}

void read(pb::acknowledgement& from, acknowledgement& to, reading& notes) {
  to.ref = from.ref();
  to.client = from.client();
  to.conversation = notes.value<conversation_id>(from.conversation(), "conversation");
  to.seq = from.seq();
  to.at = from_millis(from.at());
  to.duplicate = from.duplicate();
}

// What is wanted: one pair of functions an alternative of `append_content`.
// --------------------------------------------

void write(const message_content& from, pb::append_request& request) {
  auto& to = *request.mutable_message();
  const auto& [body, print, mentions, files, reply_to, silent] = from;
  to.set_body(body);
  to.set_print(to_wire(print));
  for (const auto& user : mentions) to.add_mentions(to_wire(user));
  to.set_files_packed(packed(files));
  to.set_reply_to(reply_to);
  to.set_silent(silent);
}

message_content read(pb::message_content& from, reading& notes) {
  return {.body = std::move(*from.mutable_body()),
          .print = notes.value<fingerprint>(from.print(), "print"),
          .mentions = notes.values<user_id>(from.mentions(), "mentions"),
          .files = notes.unpacked<file_id>(from.files_packed(), "files"),
          .reply_to = from.reply_to(),
          .silent = from.silent()};
}

void write(const create_request& from, pb::append_request& request) {
  auto& to = *request.mutable_create();
  const auto& [client, title, members, history, mode, data, print] = from;
  if (client) write(*client, *to.mutable_client());
  to.set_title(title);
  for (const auto& user : members) to.add_members(to_wire(user));
  to.set_history(to_wire(history));
  to.set_mode(to_wire(mode));
  to.set_data(data);
  to.set_print(to_wire(print));
}

create_request read(pb::create_request& from, reading& notes) {
  create_request to;
  if (from.has_client()) read(*from.mutable_client(), to.client.emplace(), notes);
  to.title = from.title();
  to.members = notes.values<user_id>(from.members(), "members");
  to.history = notes.choice(from.history(), to.history, "history");
  to.mode = notes.choice(from.mode(), to.mode, "mode");
  to.data = std::move(*from.mutable_data());
  to.print = notes.value<fingerprint>(from.print(), "print");
  return to;
}

void write(const edit_content& from, pb::append_request& request) {
  auto& to = *request.mutable_edit();
  const auto& [target, body] = from;
  to.set_target(target);
  to.set_body(body);
}

edit_content read(pb::edit_content& from, reading& /*notes*/) {
  return {.target = from.target(), .body = std::move(*from.mutable_body())};
}

void write(const delete_content& from, pb::append_request& request) {
  const auto& [target] = from;
  request.mutable_erase()->set_target(target);
}

delete_content read(pb::delete_content& from, reading& /*notes*/) { return {.target = from.target()}; }

void write(const react_content& from, pb::append_request& request) {
  auto& to = *request.mutable_react();
  const auto& [target, key, on] = from;
  to.set_target(target);
  to.set_key(key);
  to.set_on(on);
}

react_content read(pb::react_content& from, reading& /*notes*/) {
  return {.target = from.target(), .key = from.key(), .on = from.on()};
}

void write(const membership_content& from, pb::append_request& request) {
  auto& to = *request.mutable_membership();
  const auto& [action, users, new_role] = from;
  to.set_action(to_wire(action));
  for (const auto& user : users) to.add_users(to_wire(user));
  to.set_new_role(to_wire(new_role));
}

membership_content read(pb::membership_content& from, reading& notes) {
  membership_content to;
  to.action = notes.choice(from.action(), to.action, "action");
  to.users = notes.values<user_id>(from.users(), "users");
  to.new_role = notes.choice(from.new_role(), to.new_role, "role");
  return to;
}

void write(const update_content& from, pb::append_request& request) {
  auto& to = *request.mutable_update();
  const auto& [title, data, mode, automatic] = from;
  if (title) to.set_title(*title);
  if (data) to.set_data(*data);
  if (mode) to.set_mode(to_wire(*mode));
  to.set_automatic(automatic);
}

update_content read(pb::update_content& from, reading& notes) {
  update_content to;
  if (from.has_title()) to.title = from.title();
  if (from.has_data()) to.data = std::move(*from.mutable_data());
  if (from.mode() != pb::manner_unset) to.mode = notes.choice(from.mode(), delivery_mode::push, "mode");
  to.automatic = from.automatic();
  return to;
}

append_content read_content(pb::append_request& from, reading& notes) {
  switch (from.content_case()) {
  case pb::append_request::kMessage: return read(*from.mutable_message(), notes);
  case pb::append_request::kCreate: return read(*from.mutable_create(), notes);
  case pb::append_request::kEdit: return read(*from.mutable_edit(), notes);
  case pb::append_request::kErase: return read(*from.mutable_erase(), notes);
  case pb::append_request::kReact: return read(*from.mutable_react(), notes);
  case pb::append_request::kMembership: return read(*from.mutable_membership(), notes);
  case pb::append_request::kUpdate: return read(*from.mutable_update(), notes);
  case pb::append_request::CONTENT_NOT_SET: break;
  }
  notes.refuse_absence("the content of an entry");
  return {};
}

void write(const append_request& from, pb::append_request& to) {
  const auto& [author, client, over_rate, must_exist, content, print] = from;
  to.set_author(to_wire(author));
  if (client) to.set_client(to_wire(*client));
  if (over_rate) wire::write(*over_rate, *to.mutable_over_rate());
  for (const auto& user : must_exist) to.add_must_exist(to_wire(user));
  std::visit([&](const auto& wanted) { write(wanted, to); }, content);
  to.set_print(to_wire(print));
}

void read(pb::append_request& from, append_request& to, reading& notes) {
  to.author = notes.value<user_id>(from.author(), "author");
  if (from.has_client()) to.client = notes.value<client_id>(from.client(), "client");
  if (from.has_over_rate()) wire::read(*from.mutable_over_rate(), to.over_rate.emplace(), notes);
  to.must_exist = notes.values<user_id>(from.must_exist(), "users");
  to.content = read_content(from, notes);
  to.print = notes.value<fingerprint>(from.print(), "print");
}

} // namespace

void write(const error& from, pb::error& to) {
  const auto& [code, detail, field, retry_after] = from;
  to.set_code(to_wire(code));
  to.set_detail(detail);
  to.set_field(field);
  to.set_retry_after_ms(retry_after.count());
}

void read(pb::error& from, error& to, reading& /*notes*/) {
  // An error that only a newer version knows is an error all the same.
  to.code = from_wire(from.code()).value_or(errc::internal);
  to.detail = from.detail();
  to.field = from.field();
  to.retry_after = std::chrono::milliseconds{from.retry_after_ms()};
}

void write(const entry_origin& from, pb::entry_origin& to) {
  const auto& [session, ack, echo] = from;
  to.set_session(to_wire(session));
  write(ack, *to.mutable_ack());
  to.set_echo(echo);
}

void read(pb::entry_origin& from, entry_origin& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
  read(*from.mutable_ack(), to.ack, notes);
  to.echo = from.echo();
}

void write(const actors::append_entry& from, pb::append_entry& to) {
  const auto& [request, direct_peer, origin] = from;
  write(request, *to.mutable_request());
  if (direct_peer) to.set_direct_peer(to_wire(*direct_peer));
  if (origin) write(*origin, *to.mutable_origin());
}

void read(pb::append_entry& from, actors::append_entry& to, reading& notes) {
  read(*from.mutable_request(), to.request, notes);
  if (from.has_direct_peer()) to.direct_peer = notes.value<user_id>(from.direct_peer(), "peer");
  if (from.has_origin()) read(*from.mutable_origin(), to.origin.emplace(), notes);
}

void write(const actors::entry_appended& from, pb::entry_appended& to) {
  const auto& [seq, at, duplicate] = from;
  to.set_seq(seq);
  to.set_at(to_wire(at));
  to.set_duplicate(duplicate);
}

void read(pb::entry_appended& from, actors::entry_appended& to, reading& /*notes*/) {
  to.seq = from.seq();
  to.at = from_millis(from.at());
  to.duplicate = from.duplicate();
}

} // namespace parley::cluster::wire
