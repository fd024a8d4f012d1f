/// The HTTP request that opens a WebSocket (RFC 6455, section 4).

#pragma once

#include <string>
#include <string_view>

namespace parley::client {

struct upgrade_request {
  /// `host:port`.
  std::string authority;
  /// Path and query.
  std::string target = "/connect";
  /// Sent as `Authorization: Bearer`, when given.
  std::string token;
};

/// A fresh `Sec-WebSocket-Key`.
[[nodiscard]] std::string random_upgrade_key();

/// The `Sec-WebSocket-Accept` that a server has to answer to `key`.
[[nodiscard]] std::string upgrade_accept(std::string_view key);

[[nodiscard]] std::string upgrade_text(const upgrade_request& request, std::string_view key);

} // namespace parley::client
