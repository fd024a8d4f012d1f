/// A user with something live: counts its connected sessions and bounds them. A virtual actor, `user/<id>`, that sleeps
/// while nobody comes or goes: who is connected is in the delivery table.

#pragma once

#include "actors/node_context.hpp"

namespace parley::actors {

/// The actor type `user`. `shared` outlives every actor.
[[nodiscard]] actor_type user_type(caf::actor_system& system, const node_context& shared);

[[nodiscard]] inline address user_address(const user_id& id) { return {"user", id.value}; }

} // namespace parley::actors
