/// `HOST:PORT` with a name, an IPv4 or a bracketed IPv6 address.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::cluster::link {

struct host_port {
  /// Without brackets.
  std::string host;
  std::uint16_t port = 0;
};

[[nodiscard]] result<host_port> split_address(std::string_view text);

/// Whether it cannot be reached from another machine. A name counts only if it is `localhost`.
[[nodiscard]] bool is_loopback(const std::string& host);

} // namespace parley::cluster::link
