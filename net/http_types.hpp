/// An HTTP exchange as the routes see it: no sockets, no Beast.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parley/clock.hpp>
#include <parley/error.hpp>

#include "net/target.hpp"

namespace parley::net {

struct http_request {
  std::string method;
  request_target target;
  std::string body;
  /// Value of `If-None-Match`.
  std::string if_none_match;
  /// The peer, as `limit_key` names it.
  std::string address;
  /// Values of `Origin` (empty: no browser page) and `Host`.
  std::string origin;
  std::string host;
  /// Values of `Authorization` and `Content-Type`.
  std::string authorization;
  std::string content_type;
};

/// What is read of a request's body.
struct body_room {
  std::uint64_t bytes = 65'536;
  /// Held while the body is.
  std::shared_ptr<void> place;
};

struct http_response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::shared_ptr<const std::string> body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Called once, on any thread.
using http_answer = std::function<void(http_response)>;

[[nodiscard]] http_response json_response(unsigned status, std::string body);
/// The error object with the status of its code, or another one.
[[nodiscard]] http_response error_response(const error& why, unsigned status = 0);
[[nodiscard]] error body_too_large(std::uint64_t bytes_max);
/// 405, with the methods that are allowed: `GET, HEAD`.
[[nodiscard]] http_response method_not_allowed(std::string_view allowed);

/// A time as headers write it: `Sun, 06 Nov 1994 08:49:37 GMT`.
[[nodiscard]] std::string http_date(timestamp at);

/// Whether `if_none_match` names `etag`: one tag or several, weak ones too (a proxy that compresses makes them weak),
/// or any by `*`.
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag);

} // namespace parley::net
