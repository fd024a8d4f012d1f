/// Where a server listens, as a person writes it: `http://127.0.0.1:8080`, `https://chat.example.com`.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::client {

class tls_client;

struct server_url {
  std::string host;
  std::uint16_t port = 80;
  /// Null: no TLS.
  std::shared_ptr<const tls_client> tls{};

  /// `host:port` for the `Host` header, with brackets around an IPv6 address.
  [[nodiscard]] std::string authority() const;
  /// `http://host:port` or `https://host:port`.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const server_url&, const server_url&) = default;
};

/// Reads `http://HOST[:PORT]` or `https`, with `ws` and `wss` meaning the same; anything else is `invalid_argument`.
/// `authority` is a PEM file with whom to trust; empty: whom this machine trusts.
[[nodiscard]] result<server_url> parse_server_url(std::string_view text, const std::string& authority = {});

/// `text` as a value in a query.
[[nodiscard]] std::string percent_encode(std::string_view text);

} // namespace parley::client
