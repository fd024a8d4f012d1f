/// Finds virtual actors, or starts them.
///
/// An actor is addressed by `<type>/<key>` and exists from the first message on; it ends when it is idle and its memory
/// is stored, and the next message starts it again. Nobody keeps its handle: every message goes through `tell` or
/// `ask`, which enqueue under the lock of the actor's stripe. So an actor that finds its mailbox empty under the same
/// lock
/// (`passivate`) can end without losing a message.
///
/// Any thread. One node now; where another node owns the actor, the same two calls will send an envelope.

#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
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

class directory {
public:
  directory();
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  /// Before the first message. `conflict` if the name is taken.
  [[nodiscard]] result<void> add(actor_type type);

  /// Sends without expecting an answer.
  template <class Message> void tell(const address& to, Message message) {
    const auto found = hold(to);
    if (found.actor) caf::anon_send(found.actor, std::move(message));
  }

  /// Sends a request; the caller adds `.then(answer, failure)`. An unknown type or key and a closed directory fail it.
  /// `timeout` is a duration, or `caf::infinite` where `answer_deadlines` keeps the limit.
  template <class Timeout, class Message>
  auto ask(caf::event_based_actor* self, const address& to, Timeout timeout, Message message) {
    const auto found = hold(to);
    return self->request(found.actor, timeout, std::move(message));
  }

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
    bool closed = false;
  };
  /// An actor and the lock that keeps it from ending.
  struct held {
    std::unique_lock<std::recursive_mutex> guard;
    caf::actor actor;
  };

  held hold(const address& to);
  stripe& stripe_of(const address& where);
  void forget(const address& where, caf::actor_id ended);

  std::unordered_map<std::string, actor_type> types_;
  std::array<stripe, 64> stripes_;
};

} // namespace parley::actors
