#include "config/checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace parley {

namespace {

constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

bool consists_of(std::string_view text, std::initializer_list<std::string_view> alphabets) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::any_of(alphabets.begin(), alphabets.end(),
                       [c](std::string_view letters) { return letters.find(c) != std::string_view::npos; });
  });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && text.size() <= 5 && port <= 65'535;
}

bool is_host(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    return consists_of(text.substr(1, text.size() - 2), {digits, "abcdefABCDEF", ":."});
  }
  return !text.empty() && consists_of(text, {lower, upper, digits, ".-"});
}

text_verdict one_of(const std::string& text, std::initializer_list<std::string_view> choices) {
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return {};
  return tl::unexpected{fmt::format("{} is none of: {}", quoted(text), fmt::join(choices, ", "))};
}

text_verdict no(const std::string& text, std::string_view wanted) {
  return tl::unexpected{fmt::format("{} is not {}", quoted(text), wanted)};
}

} // namespace

text_verdict check_address(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon != std::string::npos && is_host({text.data(), colon}) &&
      is_port(std::string_view{text}.substr(colon + 1))) {
    return {};
  }
  return no(text, "HOST:PORT");
}

text_verdict check_origin(const std::string& text) {
  constexpr auto wanted = "an origin like https://chat.example.com";
  const auto slashes = text.find("://");
  if (slashes == std::string::npos || slashes == 0) return no(text, wanted);
  if (!consists_of(text.substr(0, slashes), {lower, digits, "+.-"})) return no(text, wanted);
  const auto place = text.substr(slashes + 3);
  if (is_host(place) || check_address(place)) return {};
  return no(text, wanted);
}

text_verdict check_node_id(const std::string& text) {
  if (text.size() <= 64 && consists_of(text, {lower, upper, digits, "._-"})) return {};
  return no(text, "a node id: 1 to 64 of A-Z a-z 0-9 . _ -");
}

text_verdict check_not_empty(const std::string& text) {
  if (!text.empty()) return {};
  return tl::unexpected{complaint{"must not be empty"}};
}

text_verdict check_store_kind(const std::string& text) { return one_of(text, {"sqlite", "postgres"}); }

text_verdict check_log_format(const std::string& text) { return one_of(text, {"text", "json"}); }

text_verdict check_log_level(const std::string& text) {
  return one_of(text, {"trace", "debug", "info", "warn", "error", "off"});
}

} // namespace parley
