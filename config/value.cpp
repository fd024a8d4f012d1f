#include "config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace parley {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

tl::expected<setting_value, complaint> parse_list(std::string_view text) {
  text_list items;
  if (trimmed(text).empty()) return items;
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    const auto item = trimmed(text.substr(0, comma));
    if (item.empty()) return tl::unexpected{complaint{"there is nothing between two commas"}};
    items.emplace_back(item);
    if (comma == text.size()) return items;
    text.remove_prefix(comma + 1);
  }
}

template <class Number>
tl::expected<setting_value, complaint> parse_number(std::string_view text, std::string_view what) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    return tl::unexpected{fmt::format("{} is not {}", quoted(text), what)};
  }
  return number;
}

struct toml_writer {
  std::string operator()(const std::string& text) const { return quoted(text); }
  std::string operator()(const text_list& items) const {
    std::string out = "[";
    for (const auto& item : items) {
      if (out.size() > 1) out += ", ";
      out += quoted(item);
    }
    return out + ']';
  }
  std::string operator()(bool on) const { return on ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
  // A whole number is shown without a fraction, which every reader of a real number accepts.
  std::string operator()(double number) const { return fmt::format("{}", number); }
};

} // namespace

tl::expected<setting_value, complaint> parse_value(value_kind kind, std::string_view text) {
  switch (kind) {
  case value_kind::text: return std::string{text};
  case value_kind::list: return parse_list(text);
  case value_kind::toggle:
    if (text == "true") return true;
    if (text == "false") return false;
    return tl::unexpected{fmt::format("{} is neither true nor false", quoted(text))};
  case value_kind::integer: return parse_number<std::int64_t>(text, "a whole number");
  case value_kind::real: return parse_number<double>(text, "a number");
  }
  return tl::unexpected{complaint{"cannot be read"}};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += fmt::format("\\{}", c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string to_toml(const setting_value& value) { return std::visit(toml_writer{}, value); }

} // namespace parley
