/// The nodes of a cluster and their beats. Same rules for threads and errors as `log_store`.
///
/// The nodes that there are, and in which state, is the *view*. Each change raises its version by one in the same
/// transaction, and is made only to the version that it was decided from; so all views that ever were have one order,
/// and whoever holds the same version holds the same view. Beats are no part of the view: they move every second.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <parley/error.hpp>
#include <parley/ids.hpp>
#include <parley/uuid.hpp>

namespace parley {

/// Chosen by the operator, one for each node of a cluster.
using node_id = text_id<struct node_tag>;

/// The numbers are stored.
enum class node_state : std::uint8_t {
  /// Known to the others, owns nothing yet.
  joining = 0,
  up = 1,
  /// Gives away what it owns, and will leave.
  draining = 2,
  /// Left, or was found dead. Kept for people to see, and for the node itself, should it be alive after all.
  down = 3,
};

struct cluster_node {
  node_id id;
  /// Given when the node joins: the version of the view that this made. So a later process has a higher one.
  std::uint64_t incarnation = 0;
  /// Made by each process for itself: tells two processes apart that believe to be the same node.
  uuid instance;
  /// Where other nodes reach it: `host:port`.
  std::string address;
  /// The versions of the protocol between nodes that it speaks, both ends included.
  std::uint32_t protocol_min = 0;
  std::uint32_t protocol_max = 0;
  node_state state = node_state::joining;

  friend bool operator==(const cluster_node&, const cluster_node&) = default;
};

/// Version 0 is the view before the first change, without nodes.
struct cluster_view {
  std::uint64_t version = 0;
  /// Ordered by id.
  std::vector<cluster_node> nodes;

  friend bool operator==(const cluster_view&, const cluster_view&) = default;
};

/// Of one incarnation of a node. Only whether it moves means something.
struct node_beat {
  node_id node;
  std::uint64_t incarnation = 0;
  std::uint64_t beat = 0;

  friend bool operator==(const node_beat&, const node_beat&) = default;
};

struct beat_report {
  /// The beat was raised; if not, there is no such incarnation, or it is down.
  bool counted = false;
  /// Of the view.
  std::uint64_t version = 0;
  /// Of all nodes that are not down, ordered by id.
  std::vector<node_beat> beats;
};

struct view_change {
  /// The version that this was decided from.
  std::uint64_t expected = 0;
  /// New nodes, and nodes as they shall be. The beat of a new incarnation begins at 0.
  std::vector<cluster_node> put;
  std::vector<node_id> forgotten;
  /// These stand still up to the moment of the change.
  std::vector<node_beat> silent;
};

class node_store {
public:
  virtual ~node_store() = default;

  [[nodiscard]] virtual result<cluster_view> read() = 0;
  /// Raises the beat of `node` and shows everybody's; who has not joined asks with incarnation 0.
  [[nodiscard]] virtual result<beat_report> beat(const node_id& node, std::uint64_t incarnation) = 0;
  /// All of it or nothing. `conflict` if the view has another version, or one of `silent` has moved. After
  /// `unavailable` it may have been made all the same: read.
  [[nodiscard]] virtual result<void> change(const view_change& change) = 0;
};

} // namespace parley
