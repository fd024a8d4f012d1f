/// How one node becomes, stays and ceases to be a member of the cluster: decides, and does nothing itself.
///
/// Whoever drives it asks `next` what to ask the store, asks that (one request at a time), and hands the answer back;
/// again whenever an answer is there, something was noted, or `wake_at` has come. What the node may do follows from
/// `view` and `may_own`.
///
/// Rules:
/// - A node raises its beat every second. A beat that stands still for six seconds, on the clock of a member whose own
///   beats succeed, is that of a dead node: the member marks it down. Clocks of two machines are never compared.
/// - A connection that was refused or reset, and then refused once more, does it after a second, if the beat has stood
///   still for one and a half: a node that still beats is alive, whatever keeps others from reaching it.
/// - A node whose own beats fail owns nothing a little before the six seconds are over; so it has let go before others
///   take over.
/// - Each change is made to the version of the view that it was decided from, else decided anew. Who marks a node down
///   says at which beat it stood still, so that one who wakes up at the last moment stays.
/// - A node that finds itself down (it was paused) owns nothing from then on, and joins again as a new incarnation.
/// - A process that finds another beating under its id gives up, the later one: `taken`. One that was silent until
///   another took its id over gives up as well: `replaced`.
///
/// Not thread-safe. No clock, no store: times are its owner's, by one clock that never jumps.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <parley/clock.hpp>
#include <parley/node_store.hpp>

#include "cluster/membership/beat_watch.hpp"

namespace parley::cluster {

/// The same on all nodes of a cluster, or their judgements differ.
struct membership_limits {
  std::chrono::milliseconds beat_every{1'000};
  std::chrono::milliseconds silent_max{6'000};
  /// A node whose own beats fail for so long owns nothing. Less than `silent_max`, because no two clocks run alike.
  std::chrono::milliseconds own_silence_max{5'800};
  std::chrono::milliseconds refused_for{1'000};
  std::chrono::milliseconds refused_silence{1'500};
  /// Without an answer for longer, a node has not watched the others.
  std::chrono::milliseconds gap_max{3'000};
  std::chrono::milliseconds retry_after{200};
  /// Who notices a death first, all do: they act one after another, in an order that is another for each death.
  std::chrono::milliseconds turn{80};
  std::size_t turns_max = 5;
  /// Nodes that are down and kept in the view; those that joined first are forgotten.
  std::size_t down_kept = 16;
};

/// What a process says of itself.
struct node_identity {
  node_id id;
  /// Random, a new one for each process.
  uuid instance;
  std::string address;
  std::uint32_t protocol_min = 0;
  std::uint32_t protocol_max = 0;
};

// What to ask the store: `node_store::read`, `beat` and `change`.

struct ask_view {};
struct ask_beat {
  node_id node;
  std::uint64_t incarnation = 0;
};
using store_request = std::variant<ask_view, ask_beat, view_change>;

enum class connection_failure { reset, refused };

/// Why a process is no member any more and never will be again.
struct membership_end {
  enum class cause { left, taken, replaced, incompatible };
  cause why = cause::left;
  /// For people, in one line.
  std::string reason;
};

class membership_state {
public:
  membership_state(node_identity self, membership_limits limits, instant now);

  /// What to ask now; nothing while a request is under way.
  [[nodiscard]] std::optional<store_request> next(instant now);
  /// When `next` or `may_own` will answer otherwise, if nothing happens before; nothing: never.
  [[nodiscard]] std::optional<instant> wake_at(instant now) const;

  // The answer to the request.
  void view_read(const result<cluster_view>& answer, instant now);
  void beat_answered(const result<beat_report>& answer, instant now);
  void change_answered(const result<void>& answer, instant now);

  /// A peer holds a view of this version.
  void note_version(std::uint64_t version);
  void note_failure(const node_id& peer, connection_failure how, instant now);
  void note_connected(const node_id& peer) { suspicions_.erase(peer); }

  /// This node can own something: it goes from joining to up.
  void set_ready() { ready_ = true; }
  /// The node, this one or another, shall give away what it owns. False: there is no other of that id.
  bool drain(const node_id& node);
  /// This node has nothing to do any more: owns nothing from now on, says so, and ends.
  void leave();

  /// The newest that was read.
  [[nodiscard]] const cluster_view& view() const { return view_; }
  /// Whether this node may act as owner of what `view` gives it.
  [[nodiscard]] bool may_own(instant now) const;
  /// 0: no member at present.
  [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
  [[nodiscard]] const std::optional<membership_end>& end() const { return end_; }

private:
  struct suspicion {
    std::uint64_t incarnation = 0;
    instant first{};
    /// The last refusal after the first failure.
    std::optional<instant> confirmed;
  };

  void adopt(const cluster_view& view);
  /// Ends if somebody beats who stands in the way.
  void look_for_obstacles();
  /// Ends if there is nothing left to leave.
  void finish_leaving();
  void finish(membership_end::cause why, std::string reason);

  [[nodiscard]] const cluster_node* own_row() const;
  /// While it lives this process cannot join: it is another one under the same id, or speaks no version that we speak.
  [[nodiscard]] bool is_obstacle(const cluster_node& node) const;
  [[nodiscard]] bool wants_view() const { return !is_view_known_ || reread_ || wanted_ > view_.version; }

  [[nodiscard]] std::optional<view_change> wanted_change() const;
  [[nodiscard]] std::optional<view_change> join() const;
  [[nodiscard]] std::optional<view_change> mark_down() const;
  [[nodiscard]] std::optional<view_change> change_states() const;
  void forget_some(view_change& change) const;

  /// When `node` is to be taken for dead if its beat does not move; nothing if it is not watched, or that is not before
  /// `horizon`.
  [[nodiscard]] std::optional<instant> death_of(const cluster_node& node, instant horizon) const;
  [[nodiscard]] bool is_dead(const cluster_node& node) const;
  [[nodiscard]] std::size_t turn_for(const cluster_node& node) const;
  void plan_beat(instant now);

  node_identity self_;
  membership_limits limits_;
  cluster_view view_;
  bool is_view_known_ = false;
  bool reread_ = false;
  /// The highest version heard of.
  std::uint64_t wanted_ = 0;

  std::uint64_t incarnation_ = 0;
  /// The last one that this process was.
  std::uint64_t last_incarnation_ = 0;
  /// When the last beat that counted was asked for.
  std::optional<instant> beaten_;

  beat_watch watch_;
  /// When the beats that `watch_` shows were asked for; nothing if they are no base for a judgement.
  std::optional<instant> judged_at_;
  std::map<node_id, suspicion> suspicions_;

  std::set<node_id> draining_;
  bool ready_ = false;
  bool leaving_ = false;
  std::optional<membership_end> end_;

  /// When the request under way was asked.
  std::optional<instant> asked_;
  instant beat_at_;
  /// Nothing but beats is asked before.
  instant rest_at_;
};

} // namespace parley::cluster
