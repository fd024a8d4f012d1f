#include "persistence/body_text.hpp"

#include <algorithm>

namespace parley::persistence {

namespace {

/// The content of the JSON string whose first quote stands at `start`, still with its escapes.
std::string_view string_at(std::string_view json, std::size_t start) {
  auto end = start + 1;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return json.substr(start + 1, std::min(end, json.size()) - start - 1);
}

std::string unescaped(std::string_view written) {
  std::string text;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '\\' || i + 1 == written.size()) {
      text.push_back(written[i]);
      continue;
    }
    // The codec escapes the quote, the backslash and control characters, nothing else.
    const auto escaped = written[++i];
    text.push_back(escaped == '"' || escaped == '\\' ? escaped : ' ');
    if (escaped == 'u') i += 4;
  }
  return text;
}

} // namespace

std::optional<std::string> text_of(std::string_view body) {
  std::size_t depth = 0;
  auto at_name = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    switch (body[i]) {
    case '{':
    case '[': at_name = ++depth == 1; break;
    case '}':
    case ']': --depth; break;
    case ',': at_name = depth == 1; break;
    case '"': {
      const auto found = string_at(body, i);
      i += found.size() + 1;
      if (at_name && found == "text" && body.substr(i, 3) == R"(":")") return unescaped(string_at(body, i + 2));
      at_name = false;
      break;
    }
    default: break;
    }
  }
  return std::nullopt;
}

} // namespace parley::persistence
