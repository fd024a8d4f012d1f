/// Between structs and fields: what is written into a conversation, its answer, and what others say by its parts.

#pragma once

#include "cluster/wire/reading.hpp"

namespace parley::cluster::wire {

namespace pb {
class error;
class entry_origin;
class append_entry;
class entry_appended;
} // namespace pb

void write(const error& from, pb::error& to);
void write(const entry_origin& from, pb::entry_origin& to);
void write(const actors::append_entry& from, pb::append_entry& to);
void write(const actors::entry_appended& from, pb::entry_appended& to);

/// Large members are moved out of `from`.
void read(pb::error& from, error& to, reading& notes);
void read(pb::entry_origin& from, entry_origin& to, reading& notes);
void read(pb::append_entry& from, actors::append_entry& to, reading& notes);
void read(pb::entry_appended& from, actors::entry_appended& to, reading& notes);

} // namespace parley::cluster::wire
