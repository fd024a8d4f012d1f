#include "config/source.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace parley {

namespace {

std::variant<setting_value, raw_text, unfit_value> value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return setting_value{text->get()};
  if (const auto* on = node.as_boolean()) return setting_value{on->get()};
  if (const auto* whole = node.as_integer()) return setting_value{whole->get()};
  if (const auto* real = node.as_floating_point()) return setting_value{real->get()};
  const auto* array = node.as_array();
  if (array == nullptr) return unfit_value{};
  text_list items;
  for (const auto& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr) return unfit_value{};
    items.push_back(text->get());
  }
  return setting_value{std::move(items)};
}

void collect(const toml::table& table, const std::string& prefix, const std::string& path,
             std::vector<assignment>& found) {
  for (const auto& [name, node] : table) {
    const auto key = prefix + std::string{name.str()};
    if (const auto* section = node.as_table()) {
      collect(*section, key + ".", path, found);
    } else {
      found.push_back({key, value_of(node), fmt::format("{} line {}", path, node.source().begin.line)});
    }
  }
}

} // namespace

result<std::vector<assignment>> read_toml_file(const std::string& path) {
  std::ifstream file{path};
  file.peek(); // only a read tells that a folder is no file
  if (!file.is_open() || file.bad()) {
    return fail(errc::invalid_argument, fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
  }
  file.clear(); // an empty file is fine
  try {
    std::vector<assignment> found;
    collect(toml::parse(file, path), "", path, found);
    return found;
  } catch (const toml::parse_error& why) {
    return fail(errc::invalid_argument,
                fmt::format("{} line {}: {}", path, why.source().begin.line, why.description()));
  }
}

} // namespace parley
