/// Looking into HTTP answers.

#pragma once

#include "net/http_types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::tests {

[[nodiscard]] inline std::optional<std::string> header(const net::http_response& response, std::string_view name) {
  for (const auto& [each, value] : response.headers)
    if (each == name) return value;
  return std::nullopt;
}

/// The code of the error object in the body, or nothing.
[[nodiscard]] inline std::string error_code(const net::http_response& response) {
  constexpr std::string_view before = R"({"type":"error","code":")";
  if (!response.body || !response.body->starts_with(before)) return {};
  return response.body->substr(before.size(), response.body->find('"', before.size()) - before.size());
}

} // namespace parley::tests
