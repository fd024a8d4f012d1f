/// The place of a session: what it remembers, and its actor, which is there only while it has something to do.
///
/// Most sessions are idle most of the time, and an actor costs ten times what it remembers. So a session that was left
/// alone for some seconds sleeps: its actor ends, and the next message starts another one, which goes on from here.
///
/// Shared by the session's connection and its actor. `memory` is the actor's alone; the rest is for any thread.

#pragma once

#include <memory>
#include <mutex>
#include <set>

#include <caf/actor.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>

#include <parley/lazy.hpp>

#include "actors/handles.hpp"
#include "actors/node_context.hpp"

namespace parley::actors {

struct session_memory {
  session_opening opening;
  /// The welcome is out, or there will be none.
  bool is_ready = opening.single;
  presence_choice choice = presence_choice::online;
  /// Whose presence it watches, and what it has in focus.
  lazy<std::set<user_id>> watched;
  lazy<std::set<conversation_id>> focused;
  /// Conversations in which this session moved positions since they were last settled.
  lazy<std::set<conversation_id>> touched;
};

class session_seat : public std::enable_shared_from_this<session_seat> {
public:
  /// `shared` outlives every actor.
  session_seat(caf::actor_system& system, const node_context& shared, session_opening opening)
      : memory{.opening = std::move(opening)}, system_{system}, shared_{shared} {}

  /// Starts the actor.
  void open();
  /// Wakes the actor, if it sleeps, and sends it `message`; nothing happens when the session is over.
  template <class Message> void tell(Message message) {
    const std::lock_guard guard{lock_};
    if (wake()) caf::anon_send(actor_, std::move(message));
  }

  /// Called by the actor when it has nothing to do: if true it must quit, and is started again by the next message; if
  /// false a message came in between.
  [[nodiscard]] bool sleep(caf::scheduled_actor* self);
  /// The session is over.
  void leave();

  session_memory memory;

private:
  [[nodiscard]] bool wake();

  caf::actor_system& system_;
  const node_context& shared_;
  /// Recursive: an actor that ends while it is being started says so on the same thread.
  std::recursive_mutex lock_;
  caf::actor actor_;
  bool is_over_ = false;
};

} // namespace parley::actors
