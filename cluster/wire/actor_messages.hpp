/// Between structs and fields: the small messages to conversations, users and presences.

#pragma once

#include "cluster/wire/reading.hpp"

namespace parley::cluster::wire {

namespace pb {
class completed;
class move_position;
class mute_conversation;
class change_block;
class tell_typing;
class begin_focus;
class end_focus;
class settle_positions;
class attach_session;
class detach_session;
class show_presence;
class watch_presence;
class unwatch_presence;
class hide_presence;
} // namespace pb

void write(const actors::completed& from, pb::completed& to);
void write(const actors::move_position& from, pb::move_position& to);
void write(const actors::mute_conversation& from, pb::mute_conversation& to);
void write(const actors::change_block& from, pb::change_block& to);
void write(const actors::tell_typing& from, pb::tell_typing& to);
void write(const actors::begin_focus& from, pb::begin_focus& to);
void write(const actors::end_focus& from, pb::end_focus& to);
void write(const actors::settle_positions& from, pb::settle_positions& to);
void write(const actors::attach_session& from, pb::attach_session& to);
void write(const actors::detach_session& from, pb::detach_session& to);
void write(const actors::show_presence& from, pb::show_presence& to);
void write(const actors::watch_presence& from, pb::watch_presence& to);
void write(const actors::unwatch_presence& from, pb::unwatch_presence& to);
void write(const actors::hide_presence& from, pb::hide_presence& to);

void read(pb::completed& from, actors::completed& to, reading& notes);
void read(pb::move_position& from, actors::move_position& to, reading& notes);
void read(pb::mute_conversation& from, actors::mute_conversation& to, reading& notes);
void read(pb::change_block& from, actors::change_block& to, reading& notes);
void read(pb::tell_typing& from, actors::tell_typing& to, reading& notes);
void read(pb::begin_focus& from, actors::begin_focus& to, reading& notes);
void read(pb::end_focus& from, actors::end_focus& to, reading& notes);
void read(pb::settle_positions& from, actors::settle_positions& to, reading& notes);
void read(pb::attach_session& from, actors::attach_session& to, reading& notes);
void read(pb::detach_session& from, actors::detach_session& to, reading& notes);
void read(pb::show_presence& from, actors::show_presence& to, reading& notes);
void read(pb::watch_presence& from, actors::watch_presence& to, reading& notes);
void read(pb::unwatch_presence& from, actors::unwatch_presence& to, reading& notes);
void read(pb::hide_presence& from, actors::hide_presence& to, reading& notes);

} // namespace parley::cluster::wire
