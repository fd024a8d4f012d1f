/// Whether a user is online, and when it last was. A virtual actor, `presence/<user>`.
///
/// A user that loses its last transport is offline only after a grace, so that a reconnect makes no noise; then its
/// last seen time is stored.

#pragma once

#include "actors/node_context.hpp"

namespace parley::actors {

/// The actor type `presence`. `shared` outlives every actor.
[[nodiscard]] actor_type presence_type(caf::actor_system& system, const node_context& shared);

[[nodiscard]] inline address presence_address(const user_id& id) { return {"presence", id.value}; }

} // namespace parley::actors
