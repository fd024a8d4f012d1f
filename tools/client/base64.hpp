/// Bytes as text (RFC 4648).

#pragma once

#include <string>
#include <string_view>

namespace parley::client {

/// With padding, as WebSocket's handshake wants it.
[[nodiscard]] std::string base64(std::string_view bytes);

/// The alphabet for URLs, without padding, as JSON Web Tokens want it.
[[nodiscard]] std::string base64url(std::string_view bytes);

} // namespace parley::client
