/// Whether a user is online, and when it last was; and who wants to know. A virtual actor, `presence/<user>`.
///
/// It lives while the user has a session with a transport, a grace longer, and while somebody watches. What others see
/// is decided by `presence_state`; when its user was last seen is stored when it goes.

#pragma once

#include "actors/node_context.hpp"

namespace parley::actors {

/// The actor type `presence`. `shared` outlives every actor.
[[nodiscard]] actor_type presence_type(caf::actor_system& system, const node_context& shared);

[[nodiscard]] inline address presence_address(const user_id& id) { return {"presence", id.value}; }

} // namespace parley::actors
