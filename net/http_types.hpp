/// An HTTP exchange as the routes see it: no sockets, no Beast.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parley/error.hpp>

#include "net/target.hpp"

namespace parley::net {

struct http_request {
  std::string method;
  request_target target;
  std::string body;
  /// Value of `If-None-Match`.
  std::string if_none_match;
  /// The peer, without its port.
  std::string address;
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

} // namespace parley::net
