/// The page at `/metrics`: every figure of the node, with its name.

#pragma once

#include <cstddef>
#include <string>

#include "persistence/counted_log.hpp"

namespace parley::cluster {

/// What only the node can tell.
struct node_figures {
  bool is_ready = false;
  std::size_t connections = 0;
  std::size_t sessions = 0;
  std::size_t actors = 0;
};

[[nodiscard]] std::string metrics_page(const node_figures& node, const persistence::log_counts& log);

} // namespace parley::cluster
