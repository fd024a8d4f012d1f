/// Which versions of the protocol between nodes this program speaks.
///
/// A version is raised by a change that the version before would refuse: a new kind of message, a new alternative, a
/// new number of an enum (see `envelope.proto`). A node speaks its own version and the one before, so that a cluster
/// can be upgraded node by node; what only the newer one understands is sent when every node of the view speaks it.

#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace parley::cluster::wire {

/// Both ends included.
struct protocol_range {
  std::uint32_t oldest = 0;
  std::uint32_t newest = 0;

  friend constexpr bool operator==(const protocol_range&, const protocol_range&) = default;
};

constexpr protocol_range spoken_versions{1, 1};

/// The newest version that both speak; nothing: they must not be linked.
[[nodiscard]] constexpr std::optional<std::uint32_t> common_version(const protocol_range& one,
                                                                    const protocol_range& other) {
  const auto newest = std::min(one.newest, other.newest);
  if (newest < std::max(one.oldest, other.oldest)) return std::nullopt;
  return newest;
}

} // namespace parley::cluster::wire
