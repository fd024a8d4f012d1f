/// Finds virtual actors, or starts them.
///
/// An actor is addressed by `<type>/<key>` and exists from the first message on; it ends when it is idle and its memory
/// is stored, and the next message starts it again. Nobody keeps its handle: every message goes through `tell` or
/// `ask`, which enqueue under the lock of the actor's stripe. So an actor that finds its mailbox empty under the same
/// lock
/// (`passivate`) can end without losing a message.
///
/// Any thread. Where another node owns the actor, the same two calls hand the message to the link to that node
/// (`route_by`), which answers as the actor would; without a route everything is here.

#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>
#include <caf/send.hpp>

#include <parley/error.hpp>

#include "actors/address.hpp"

namespace parley::actors {

class directory;

/// A kind of virtual actor. The built-in ones are registered the same way as those of other developers.
struct actor_type {
  /// `[a-z_]+`
  std::string name;
  /// Starts the actor for `key`, or nothing if there can be no such key. Called under a lock: it spawns and returns.
  std::function<caf::actor(const std::string& key)> start;
};

/// A message for an actor that another node owns. Whoever takes it answers a request as that actor would.
struct outgoing {
  address to;
  caf::message what;
};

class directory {
public:
  /// Who takes what is for an actor that another node owns; nothing: it belongs here. Any thread, under a lock: it
  /// looks up and returns.
  using route = std::function<caf::actor(const address&)>;

  directory();
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  /// Before the first message. `conflict` if the name is taken.
  [[nodiscard]] result<void> add(actor_type type);

  /// Sends without expecting an answer.
  template <class Message> void tell(const address& to, Message message) {
    const auto found = hold(to, true);
    if (found.is_away)
      caf::anon_send(found.actor, outgoing{to, caf::make_message(std::move(message))});
    else if (found.actor)
      caf::anon_send(found.actor, std::move(message));
  }

  /// Sends a request; the caller adds `.then(answer, failure)`. An unknown type or key and a closed directory fail it.
  /// `timeout` is a duration, or `caf::infinite` where `answer_deadlines` keeps the limit.
  template <class Timeout, class Message>
  auto ask(caf::event_based_actor* self, const address& to, Timeout timeout, Message message) {
    const auto found = hold(to, true);
    if (found.is_away) return self->request(found.actor, timeout, outgoing{to, caf::make_message(std::move(message))});
    return self->request(found.actor, timeout, std::move(message));
  }

  /// What came from another node, for an actor here, whatever the route says.
  void tell_here(const address& to, caf::message what) {
    const auto found = hold(to, false);
    if (found.actor) caf::anon_send(found.actor, std::move(what));
  }
  template <class Timeout>
  auto ask_here(caf::event_based_actor* self, const address& to, Timeout timeout, caf::message what) {
    const auto found = hold(to, false);
    return self->request(found.actor, timeout, std::move(what));
  }

  /// Who takes messages for the actor, if another node owns it.
  [[nodiscard]] caf::actor way_to(const address& where);
  /// From now on. Actors that do not belong here any more are asked to wind up; what they have been sent they still do.
  void route_by(route towards);

  /// Called by the actor itself, when it has nothing to do and nothing to store: if true it is forgotten and must quit;
  /// if false a message came in between.
  [[nodiscard]] bool passivate(const address& where, caf::scheduled_actor* self);

  /// Starts no further actors and asks those that run to wind up. `stopped` tells when they have.
  void close();
  [[nodiscard]] std::size_t size() const;

private:
  struct stripe {
    /// Recursive: an actor that ends while it is being started is forgotten by the same thread.
    mutable std::recursive_mutex lock;
    std::unordered_map<address, caf::actor> actors;
    std::shared_ptr<const route> towards;
    bool closed = false;
  };
  /// An actor and the lock that keeps it from ending; or the link to it.
  struct held {
    std::unique_lock<std::recursive_mutex> guard;
    caf::actor actor;
    bool is_away = false;
  };

  /// `may_be_away`: to be looked for on all nodes.
  held hold(const address& to, bool may_be_away);
  stripe& stripe_of(const address& where);
  void forget(const address& where, caf::actor_id ended);

  std::unordered_map<std::string, actor_type> types_;
  std::array<stripe, 64> stripes_;
};

} // namespace parley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::outgoing)
