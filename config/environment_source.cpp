#include "config/source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <unistd.h>

namespace parley {

namespace {

constexpr std::string_view prefix = "PARLEY__";

/// Other spellings of a key (lower case, dots) become names that no key has.
std::string key_letter(char c) {
  if (c >= 'A' && c <= 'Z') return {static_cast<char>(c - 'A' + 'a')};
  if (c >= 'a' && c <= 'z') return {static_cast<char>(c - 'a' + 'A')};
  return c == '.' ? "__" : std::string{c};
}

/// `AUTH__JWT__ISSUER` to `auth.jwt.issuer`.
std::string key_of(std::string_view name) {
  std::string key;
  while (!name.empty()) {
    const bool next_section = name.starts_with("__");
    key += next_section ? "." : key_letter(name.front());
    name.remove_prefix(next_section ? 2 : 1);
  }
  return key;
}

} // namespace

std::vector<assignment> read_environment(const std::vector<std::string>& environment) {
  std::vector<assignment> found;
  for (const std::string_view variable : environment) {
    if (!variable.starts_with(prefix)) continue;
    const auto end = std::min(variable.find('='), variable.size());
    const auto name = variable.substr(0, end);
    const auto value = variable.substr(std::min(end + 1, variable.size()));
    found.push_back({key_of(name.substr(prefix.size())), raw_text{std::string{value}},
                     fmt::format("environment variable {}", name)});
  }
  return found;
}

std::vector<assignment> read_overrides(const std::vector<setting_override>& overrides) {
  std::vector<assignment> found;
  for (const auto& each : overrides) {
    found.push_back({each.key, raw_text{each.value}, fmt::format("flag {}", each.flag)});
  }
  return found;
}

std::vector<std::string> process_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

} // namespace parley
