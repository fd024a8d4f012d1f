/// Base64url without padding (RFC 4648, section 5), as JSON Web Tokens use it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley::net {

[[nodiscard]] std::string encode_base64url(std::span<const std::uint8_t> bytes);

/// Accepts exactly what the encoder writes: no padding, no white space, no stray bits at the end.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

/// The bytes of `text`.
[[nodiscard]] inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace parley::net
