#include "cluster/membership/view.hpp"

#include <algorithm>

namespace parley::cluster {

namespace {

std::vector<node_id> nodes_in(const cluster_view& view, node_state state) {
  std::vector<node_id> found;
  for (const auto& node : view.nodes)
    if (node.state == state) found.push_back(node.id);
  return found;
}

} // namespace

const cluster_node* find_node(const cluster_view& view, const node_id& id) {
  const auto found = std::ranges::lower_bound(view.nodes, id, {}, &cluster_node::id);
  return found != view.nodes.end() && found->id == id ? &*found : nullptr;
}

std::vector<node_id> owners_in(const cluster_view& view) {
  auto found = nodes_in(view, node_state::up);
  return found.empty() ? nodes_in(view, node_state::draining) : found;
}

std::string_view to_string(node_state state) {
  switch (state) {
  case node_state::joining: return "joining";
  case node_state::up: return "up";
  case node_state::draining: return "draining";
  case node_state::down: return "down";
  }
  return "unknown";
}

} // namespace parley::cluster
