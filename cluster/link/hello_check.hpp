/// Whether a hello makes a link.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cluster/link/frames.hpp"

namespace parley::cluster::link {

struct hello_expectation {
  std::string cluster;
  /// The own one.
  std::string node;
  wire::protocol_range protocol;
  /// Whom we have dialled; empty: the other has.
  std::string dialled;
  /// The incarnation that we know of the node that the hello names; nothing: we do not know the node.
  std::optional<std::uint64_t> known_incarnation;
};

/// Why not, as a sentence that makes sense on both sides; nothing: welcome.
[[nodiscard]] std::optional<std::string> objection_to(const hello_frame& hello, const hello_expectation& expected);

} // namespace parley::cluster::link
