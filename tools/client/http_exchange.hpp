/// One HTTP request and its answer, waited for: for programs that have nothing else to do meanwhile.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "tools/client/http_answer.hpp"
#include "tools/client/server_url.hpp"

namespace parley::client {

struct http_request {
  std::string_view method = "GET";
  /// Path and query.
  std::string target;
  /// Sent as `Authorization: Bearer`, when given.
  std::string token;
  /// JSON, when given.
  std::string body;
};

/// Any status is an answer; `unavailable` when the server cannot be reached, `timeout` when it does not answer in time.
[[nodiscard]] result<http_answer> exchange(const server_url& server, const http_request& request,
                                           std::chrono::milliseconds limit = std::chrono::seconds{30});

} // namespace parley::client
