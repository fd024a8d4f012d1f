/// Whether a user is online, and when it last was; and who wants to know. A virtual actor, `presence/<user>`.
///
/// It wakes when something changes and sleeps when all who watch have been told; what it knows stays in the
/// `presence_shelf` while the user has a session with a transport, or somebody watches. What others see is decided by
/// `presence_state`; when its user was last seen is stored a grace after the last session went.

#pragma once

#include "actors/node_context.hpp"

namespace parley::actors {

/// The actor type `presence`. `shared` outlives every actor.
[[nodiscard]] actor_type presence_type(caf::actor_system& system, const node_context& shared);

/// Has those that sleep wind up too; the directory tells those that are awake.
void wind_up_presences(const node_context& shared);

[[nodiscard]] inline address presence_address(const user_id& id) { return {"presence", id.value}; }

} // namespace parley::actors
