#include <parley/load_settings.hpp>

#include "config/keys.hpp"

#include <fmt/format.h>

namespace parley {

namespace {

constexpr std::string_view head = R"(# Every setting of parleyd with its default.
#
# Each source goes before those above it: the defaults, this file (parleyd --config FILE), the environment
# (PARLEY__SECTION__KEY, as in PARLEY__AUTH__JWT__ISSUER), flags (--set section.key=value, --listen, --data).
# Lists are separated by commas in the environment and in flags.

)";

std::string shown(const key& setting, const settings& of) {
  const auto value = read_field(setting, of);
  const auto* text = std::get_if<std::string>(&value);
  if (setting.secret && text != nullptr && !text->empty()) return "\"***\"";
  const auto* items = std::get_if<text_list>(&value);
  if (setting.secret && items != nullptr) return to_toml(text_list(items->size(), "***"));
  return to_toml(value);
}

std::string write_toml(const settings& of, bool with_docs) {
  std::string out;
  std::string_view section;
  for (const auto& setting : all_keys()) {
    if (section_of(setting) != section) {
      section = section_of(setting);
      out += fmt::format("\n[{}]\n", section);
    }
    if (with_docs) out += fmt::format("# {}\n", setting.doc);
    const auto name = setting.name.substr(section.empty() ? 0 : section.size() + 1);
    out += fmt::format("{} = {}\n", name, shown(setting, of));
  }
  return out;
}

} // namespace

std::string print_settings(const settings& of) { return write_toml(of, false); }

std::string example_toml() { return std::string{head} + write_toml(settings{}, true); }

} // namespace parley
