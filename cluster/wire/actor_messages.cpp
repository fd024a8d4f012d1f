#include "cluster/wire/actor_messages.hpp"

#include <parley_wire_pb/messages.pb.h>

// Structs are taken apart as a whole: one that gets a member does not compile here until the member has its field.
// Links have none; the receiver makes its own.

namespace parley::cluster::wire {

void write(const actors::completed& /*from*/, pb::completed& /*to*/) {}

void read(pb::completed& /*from*/, actors::completed& /*to*/, reading& /*notes*/) {}

// To a conversation. ------------------------------------------------------------------------------------------------

void write(const actors::move_position& from, pb::move_position& to) {
  const auto& [user, device, session, seq, read, is_private, check_only] = from;
  to.set_user(to_wire(user));
  to.set_device(to_wire(device));
  to.set_session(to_wire(session));
  to.set_seq(seq);
  to.set_read(read);
  to.set_is_private(is_private);
  to.set_check_only(check_only);
}

void read(pb::move_position& from, actors::move_position& to, reading& notes) {
  to.user = notes.value<user_id>(from.user(), "user");
  to.device = notes.value<device_id>(from.device(), "device");
  to.session = notes.value<session_id>(from.session(), "session");
  to.seq = from.seq();
  to.read = from.read();
  to.is_private = from.is_private();
  to.check_only = from.check_only();
}

void write(const actors::mute_conversation& from, pb::mute_conversation& to) {
  const auto& [user, until] = from;
  to.set_user(to_wire(user));
  to.set_until(to_wire(until));
}

void read(pb::mute_conversation& from, actors::mute_conversation& to, reading& notes) {
  to.user = notes.value<user_id>(from.user(), "user");
  to.until = from_millis(from.until());
}

void write(const actors::change_block& from, pb::change_block& to) {
  const auto& [user, other, on] = from;
  to.set_user(to_wire(user));
  to.set_other(to_wire(other));
  to.set_on(on);
}

void read(pb::change_block& from, actors::change_block& to, reading& notes) {
  to.user = notes.value<user_id>(from.user(), "user");
  to.other = notes.value<user_id>(from.other(), "other");
  to.on = from.on();
}

void write(const actors::tell_typing& from, pb::tell_typing& to) {
  const auto& [user, on] = from;
  to.set_user(to_wire(user));
  to.set_on(on);
}

void read(pb::tell_typing& from, actors::tell_typing& to, reading& notes) {
  to.user = notes.value<user_id>(from.user(), "user");
  to.on = from.on();
}

void write(const actors::begin_focus& from, pb::begin_focus& to) {
  const auto& [user, session, _, check_only] = from;
  to.set_user(to_wire(user));
  to.set_session(to_wire(session));
  to.set_check_only(check_only);
}

void read(pb::begin_focus& from, actors::begin_focus& to, reading& notes) {
  to.user = notes.value<user_id>(from.user(), "user");
  to.session = notes.value<session_id>(from.session(), "session");
  to.link = notes.link(to.session);
  to.check_only = from.check_only();
}

void write(const actors::end_focus& from, pb::end_focus& to) {
  const auto& [session] = from;
  to.set_session(to_wire(session));
}

void read(pb::end_focus& from, actors::end_focus& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
}

void write(const actors::settle_positions& /*from*/, pb::settle_positions& /*to*/) {}

void read(pb::settle_positions& /*from*/, actors::settle_positions& /*to*/, reading& /*notes*/) {}

// To a user. --------------------------------------------------------------------------------------------------------

void write(const actors::attach_session& from, pb::attach_session& to) {
  const auto& [session] = from;
  to.set_session(to_wire(session));
}

void read(pb::attach_session& from, actors::attach_session& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
}

void write(const actors::detach_session& from, pb::detach_session& to) {
  const auto& [session] = from;
  to.set_session(to_wire(session));
}

void read(pb::detach_session& from, actors::detach_session& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
}

// To a presence. ----------------------------------------------------------------------------------------------------

void write(const actors::show_presence& from, pb::show_presence& to) {
  const auto& [session, choice] = from;
  to.set_session(to_wire(session));
  if (choice) to.set_choice(to_wire(*choice));
}

void read(pb::show_presence& from, actors::show_presence& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
  if (from.choice() != pb::shown_unset) to.choice = notes.choice(from.choice(), presence_choice::online, "presence");
}

void write(const actors::watch_presence& from, pb::watch_presence& to) {
  const auto& [watcher, session, _] = from;
  to.set_watcher(to_wire(watcher));
  to.set_session(to_wire(session));
}

void read(pb::watch_presence& from, actors::watch_presence& to, reading& notes) {
  to.watcher = notes.value<user_id>(from.watcher(), "watcher");
  to.session = notes.value<session_id>(from.session(), "session");
  to.link = notes.link(to.session);
}

void write(const actors::unwatch_presence& from, pb::unwatch_presence& to) {
  const auto& [session] = from;
  to.set_session(to_wire(session));
}

void read(pb::unwatch_presence& from, actors::unwatch_presence& to, reading& notes) {
  to.session = notes.value<session_id>(from.session(), "session");
}

void write(const actors::hide_presence& from, pb::hide_presence& to) {
  const auto& [other, on] = from;
  to.set_other(to_wire(other));
  to.set_on(on);
}

void read(pb::hide_presence& from, actors::hide_presence& to, reading& notes) {
  to.other = notes.value<user_id>(from.other(), "other");
  to.on = from.on();
}

} // namespace parley::cluster::wire
