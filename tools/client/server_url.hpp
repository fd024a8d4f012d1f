/// Where a server listens, as a person writes it: `http://127.0.0.1:8080`.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::client {

struct server_url {
  std::string host;
  std::uint16_t port = 80;

  /// `host:port` for the `Host` header, with brackets around an IPv6 address.
  [[nodiscard]] std::string authority() const;
  /// `http://host:port`.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const server_url&, const server_url&) = default;
};

/// Reads `http://HOST[:PORT]`, with `ws` meaning the same; anything else, TLS included, is `invalid_argument`.
[[nodiscard]] result<server_url> parse_server_url(std::string_view text);

/// `text` as a value in a query.
[[nodiscard]] std::string percent_encode(std::string_view text);

} // namespace parley::client
