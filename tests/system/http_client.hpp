/// An HTTP/1.1 client: one connection, one request after the other, or several written at once.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/system/json.hpp"
#include "tests/system/tcp_stream.hpp"

namespace parley::tests {

/// Names in lower case.
using http_headers = std::map<std::string, std::string>;

struct http_answer {
  unsigned status = 0;
  http_headers headers;
  std::string body;

  /// Empty when there is no such header.
  [[nodiscard]] std::string header(const std::string& name) const;
  /// Nothing when the body is no JSON.
  [[nodiscard]] tests::json json() const { return tests::json::parse_if(body); }
};

class http_client {
public:
  explicit http_client(const std::string& url, const tls_options& tls = {}) : url_{url}, stream_{url, tls} {}

  http_answer get(std::string_view target, const http_headers& headers = {}) { return request("GET", target, headers); }
  http_answer post(std::string_view target, std::string_view body) {
    return request("POST", target, {{"content-type", "application/json"}}, body);
  }
  http_answer request(std::string_view method, std::string_view target, const http_headers& headers = {},
                      std::string_view body = {});

  /// The text of a request, as `request` would send it.
  [[nodiscard]] std::string text_of(std::string_view method, std::string_view target, const http_headers& headers = {},
                                    std::string_view body = {}) const;
  /// Sends bytes of whatever kind; a server that has ended already is noticed when reading.
  void write(std::string_view bytes) { stream_.write(bytes); }
  /// The next answer. One to HEAD has no body, whatever its headers say.
  [[nodiscard]] http_answer read(bool to_head = false);
  /// Whether the server ends the connection without a further byte.
  [[nodiscard]] bool is_ended_by_server();
  tcp_stream& stream() { return stream_; }

private:
  std::string url_;
  tcp_stream stream_;
  std::string unread_;
};

} // namespace parley::tests
