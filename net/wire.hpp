/// How a connection reads and writes without waiting: `plain_wire` on a socket, `tls_wire` with TLS in between. The
/// code above is a template over the two, so that a plain connection pays nothing for the other.

#pragma once

#include <cstddef>
#include <cstdint>

namespace parley::net {

/// What one attempt to read or write came to.
struct wire_step {
  enum class kind : std::uint8_t {
    fine,
    /// Wait until the socket can be read, or written.
    blocked,
    /// Nothing more comes, or goes.
    ended,
  };

  std::size_t bytes = 0;
  kind what = kind::fine;
};

} // namespace parley::net
