/// Which version of the protocol a client speaks, by the header `Sec-WebSocket-Protocol`.

#pragma once

#include <string>
#include <string_view>

namespace parley::net {

inline constexpr std::string_view protocol_name = "parley.v1";

struct subprotocol {
  /// What is echoed; empty: the client asked for none.
  std::string echo;
  /// Only unknown versions were asked for: the socket is closed with 4505.
  bool is_supported = true;
};

[[nodiscard]] subprotocol choose_subprotocol(std::string_view asked);

} // namespace parley::net
