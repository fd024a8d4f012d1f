/// A TCP connection to another node, or why there is none. Blocks for as long as it is allowed to, and for as long as
/// the name service takes: for a thread of its own.

#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "cluster/link/peer_links.hpp"
#include "cluster/link/socket_owner.hpp"

namespace parley::cluster::link {

struct dial_failure {
  down_reason reason = down_reason::refused;
  std::string detail;
};

[[nodiscard]] tl::expected<std::shared_ptr<socket_owner>, dial_failure> dial(const std::string& address,
                                                                             std::chrono::milliseconds patience);

} // namespace parley::cluster::link
