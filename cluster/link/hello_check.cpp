#include "cluster/link/hello_check.hpp"

#include <fmt/format.h>

namespace parley::cluster::link {

std::optional<std::string> objection_to(const hello_frame& hello, const hello_expectation& expected) {
  if (hello.cluster != expected.cluster)
    return fmt::format("node {} is of cluster '{}', node {} is of cluster '{}'", hello.node, hello.cluster,
                       expected.node, expected.cluster);
  if (hello.node == expected.node)
    return fmt::format("two nodes have the id {}: give each its own `node.id`", hello.node);
  if (!wire::common_version(hello.protocol, expected.protocol))
    return fmt::format("node {} speaks versions {} to {} of the protocol, node {} speaks {} to {}", hello.node,
                       hello.protocol.oldest, hello.protocol.newest, expected.node, expected.protocol.oldest,
                       expected.protocol.newest);
  if (!expected.dialled.empty() && hello.node != expected.dialled)
    return fmt::format("where node {} should be, node {} has answered", expected.dialled, hello.node);
  if (expected.dialled.empty() && hello.expected_node != expected.node)
    return fmt::format("node {} looks for node {} and has found node {}", hello.node, hello.expected_node,
                       expected.node);
  if (expected.dialled.empty() && hello.node > expected.node)
    return fmt::format("node {} waits to be dialled by node {}: the smaller id dials", hello.node, expected.node);
  if (!expected.known_incarnation) return fmt::format("node {} does not know node {} yet", expected.node, hello.node);
  if (hello.incarnation < *expected.known_incarnation)
    return fmt::format("node {} says incarnation {}, and node {} knows incarnation {} of it", hello.node,
                       hello.incarnation, expected.node, *expected.known_incarnation);
  return std::nullopt;
}

} // namespace parley::cluster::link
