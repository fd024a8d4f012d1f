#include "net/rest/router.hpp"

#include <fmt/format.h>

namespace parley::net {

namespace {

/// Takes the next segment off the front of `path`, which begins with `/`.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// What stands for the braces of `pattern`, or nothing if `path` is another one.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> names;
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = take_segment(pattern);
    const auto segment = take_segment(path);
    if (wanted == "{}" ? segment.empty() : wanted != segment) return std::nullopt;
    if (wanted == "{}") names.emplace_back(segment);
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return names;
}

bool has_method(const router::row& row, std::string_view method) {
  return row.method == method || (row.method == "GET" && method == "HEAD");
}

} // namespace

void router::handle(http_request request, http_answer answer) const {
  std::string allowed;
  for (const auto& each : rows_) {
    auto names = match(each.path, request.target.path);
    if (!names) continue;
    if (has_method(each, request.method))
      return each.handle(std::make_shared<api_call>(api_call{std::move(request), std::move(*names), {}}),
                         std::move(answer));
    if (!allowed.empty()) allowed += ", ";
    allowed += each.method == "GET" ? "GET, HEAD" : each.method;
  }
  if (allowed.empty()) return answer(error_response({errc::not_found, "there is no such resource", {}, {}}));
  answer(method_not_allowed(allowed));
}

result<body_room> router::room_for_body(const http_request& head, std::optional<std::uint64_t> length) const {
  for (const auto& each : rows_)
    if (each.admit_body && has_method(each, head.method) && match(each.path, head.target.path))
      return each.admit_body(head, length);
  if (const body_room small; length.value_or(0) > small.bytes) return fail(body_too_large(small.bytes));
  return body_room{};
}

} // namespace parley::net
