/// Between structs and fields: what delivery tables are told.

#pragma once

#include "cluster/wire/delivery.hpp"
#include "cluster/wire/reading.hpp"

namespace parley::cluster::wire {

namespace pb {
class fan_out;
class deliver;
} // namespace pb

void write(const fan_out& from, pb::fan_out& to);
void write(const deliver& from, pb::deliver& to);

/// Frames are moved out of `from`.
void read(pb::fan_out& from, fan_out& to, reading& notes);
void read(pb::deliver& from, deliver& to, reading& notes);

} // namespace parley::cluster::wire
