/// Actors of other nodes, as if they were here: sends what the directory has for them (`actors::outgoing`) as
/// envelopes, answers with what comes back, and does here what other nodes ask for.
///
/// An actor stands for each other node. A request to it ends in time: with the answer, with `timeout` when none came,
/// `unavailable` when the link is lost, `overloaded` when too many are open.

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/fwd.hpp>

#include <parley/clock.hpp>
#include <parley/node_store.hpp>

#include "actors/directory.hpp"
#include "cluster/wire/message_codec.hpp"

namespace parley::cluster {

struct remote_options {
  /// How long an answer is waited for.
  std::chrono::milliseconds answer_within{10'000};
  /// Requests to one node that are not answered.
  std::size_t open_max = 8'192;
  std::size_t envelope_bytes_max = 1 << 20;
};

/// What the actors need of the rest of the node. Any thread.
struct remote_ways {
  /// Hands an envelope to the link: `overloaded` or `unavailable` if it cannot be.
  std::function<result<void>(const node_id& to, std::string envelope)> send;
  /// The node that owns the actor; nothing: this one.
  std::function<std::optional<node_id>(const actors::address&)> owner_of;
  /// The way to a session on another node.
  std::function<actors::client_link_ptr(const node_id& at, const session_id&)> link_to;
  /// The version of the view by which `owner_of` answers.
  std::function<std::uint64_t()> view;
};

class remote_actors {
public:
  /// All of these outlive it. `here` finds this node's actors.
  remote_actors(caf::actor_system& system, const clock& time, actors::directory& here, remote_ways ways,
                remote_options options = {});
  remote_actors(const remote_actors&) = delete;
  remote_actors& operator=(const remote_actors&) = delete;

  // Any thread.

  /// Whoever takes messages for the actor, if another node owns it. For `directory::route_by`.
  [[nodiscard]] caf::actor way_to(const actors::address& where);
  /// Envelopes from a node, in their order.
  void received(const node_id& from, std::vector<std::string> envelopes);
  /// The link to the node ended: nobody waits for its answers any more.
  void lost(const node_id& node);
  /// Ends the actors; what comes later is dropped.
  void stop();

private:
  [[nodiscard]] caf::actor stand_in(const node_id& node);

  caf::actor_system& system_;
  const clock& time_;
  actors::directory& here_;
  const remote_ways ways_;
  const remote_options options_;
  std::mutex lock_;
  std::unordered_map<node_id, caf::actor> stand_ins_;
  bool is_stopped_ = false;
};

} // namespace parley::cluster
