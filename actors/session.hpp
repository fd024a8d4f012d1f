/// One connected device: its requests on their way to the actors that answer them, and what it missed on its way back.
///
/// A session attaches to live delivery before it reads what the device missed, so nothing falls between. It lives as
/// long as its transport; its actor sleeps while nothing happens (`session_seat.hpp`).

#pragma once

#include <memory>

#include "actors/handles.hpp"
#include "actors/node_context.hpp"

namespace parley::actors {

class session_seat;

/// Starts a session; any thread. `shared` outlives every actor.
[[nodiscard]] std::unique_ptr<session_handle> open_session(caf::actor_system& system, const node_context& shared,
                                                           session_opening opening);

/// Runs a request that has no session; any thread. `then` is called on an actor's thread.
void run_single_request(caf::actor_system& system, const node_context& shared, single_request request);

/// The actor of a session that sleeps or begins. For `seat`, which calls it under its lock.
[[nodiscard]] caf::actor start_session(caf::actor_system& system, const node_context& shared,
                                       std::shared_ptr<session_seat> seat);

} // namespace parley::actors
