/// What is asked of a view: who is in it, and who may own something.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <parley/node_store.hpp>

namespace parley::cluster {

/// The node of that id, whatever its state; null if there is none. Valid as long as the view.
[[nodiscard]] const cluster_node* find_node(const cluster_view& view, const node_id& id);

/// The nodes that shards are given to, in the order of the view: those that are up; when there is none, those that are
/// draining, because somebody has to do the work until the last one has gone.
[[nodiscard]] std::vector<node_id> owners_in(const cluster_view& view);

[[nodiscard]] std::string_view to_string(node_state state);

} // namespace parley::cluster
