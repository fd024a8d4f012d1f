/// The owner of one conversation: it decides on requests, gives seqs, has them written, and only then acknowledges and
/// fans out. A virtual actor, `conversation/<uuid>`.
///
/// It answers `append_entry`, `move_position` and `settle_positions`. One write is outstanding at a time; what arrives
/// meanwhile is the next one. After a write that failed or collided it forgets its state and reads it again.

#pragma once

#include "actors/node_context.hpp"

namespace parley::actors {

/// The actor type `conversation`. `shared` outlives every actor.
[[nodiscard]] actor_type conversation_type(caf::actor_system& system, const node_context& shared);

[[nodiscard]] inline address address_of(const conversation_id& id) { return {"conversation", to_string(id)}; }

} // namespace parley::actors
