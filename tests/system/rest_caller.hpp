/// Somebody who uses a node by HTTP alone.

#pragma once

#include <string>
#include <string_view>

#include "tests/system/running_node.hpp"

namespace parley::tests {

class rest_caller {
public:
  rest_caller(const running_node& node, std::string token) : http_{node.http()}, token_{std::move(token)} {}

  http_answer call(std::string_view method, std::string_view target, std::string_view body = {},
                   http_headers headers = {}) {
    headers.emplace("authorization", "Bearer " + token_);
    return http_.request(method, target, headers, body);
  }
  http_answer get(std::string_view target, http_headers headers = {}) {
    return call("GET", target, {}, std::move(headers));
  }
  http_answer post(std::string_view target, std::string_view body) { return call("POST", target, body); }
  [[nodiscard]] http_client& http() { return http_; }
  [[nodiscard]] const std::string& token() const { return token_; }

private:
  http_client http_;
  std::string token_;
};

} // namespace parley::tests
