/// An HTTP/1 answer, read from the bytes that have arrived so far.

#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::client {

struct http_answer {
  unsigned status = 0;
  /// By name in lower case.
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;
  /// How many of the bytes belong to the answer; after a 101 another protocol follows.
  std::size_t bytes = 0;

  /// Empty when there is no such header. `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Reads the answer at the front of `bytes`; nothing while it is not complete. Without `Content-Length` the body lasts
/// until the connection has `ended`. What is not HTTP, or above 1 MiB, is `bad_frame`; so is a chunked body, which
/// nobody may send to a client of HTTP/1.0.
[[nodiscard]] result<std::optional<http_answer>> read_http_answer(std::string_view bytes, bool ended);

} // namespace parley::client
