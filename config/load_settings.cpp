#include <parley/load_settings.hpp>

#include "config/combinations.hpp"
#include "config/keys.hpp"
#include "config/source.hpp"

#include <fmt/format.h>

#include <map>

namespace parley {

namespace {

/// The settings so far, and where each that is not a default came from.
struct draft {
  settings values;
  std::map<std::string, std::string, std::less<>> origins;

  [[nodiscard]] std::string_view origin_of(std::string_view key) const {
    const auto found = origins.find(key);
    return found == origins.end() ? std::string_view{"default"} : found->second;
  }
};

/// A key from a file may hold anything; the complaint stays on one line.
std::string printable(std::string_view key) {
  const auto text = quoted(key);
  return text.size() == key.size() + 2 ? std::string{key} : text;
}

tl::unexpected<error> complain(std::string_view key, std::string_view what, std::string_view origin) {
  return fail(errc::invalid_argument, fmt::format("{}: {} ({})", printable(key), what, origin), std::string{key});
}

tl::expected<setting_value, complaint> typed(const key& setting, const assignment& from) {
  if (const auto* value = std::get_if<setting_value>(&from.value)) return *value;
  if (const auto* raw = std::get_if<raw_text>(&from.value)) return parse_value(kind_of(setting), raw->text);
  return tl::unexpected{complaint{"has a type that no setting has"}};
}

result<void> apply(draft& so_far, const assignment& each) {
  const auto* setting = find_key(each.key);
  if (setting == nullptr) return complain(each.key, "no such setting", each.origin);
  const auto value = typed(*setting, each);
  if (!value) return complain(each.key, value.error(), each.origin);
  if (auto done = write_field(*setting, so_far.values, *value); !done) {
    return complain(each.key, done.error(), each.origin);
  }
  so_far.origins[each.key] = each.origin;
  return {};
}

result<void> apply_all(draft& so_far, const std::vector<assignment>& assignments) {
  for (const auto& each : assignments) {
    if (auto done = apply(so_far, each); !done) return done;
  }
  return {};
}

} // namespace

result<settings> load_settings(const settings_sources& from) {
  draft so_far;
  if (!from.file.empty()) {
    const auto read = read_toml_file(from.file);
    if (!read) return fail(read.error());
    if (auto done = apply_all(so_far, *read); !done) return fail(done.error());
  }
  if (auto done = apply_all(so_far, read_environment(from.environment)); !done) return fail(done.error());
  if (auto done = apply_all(so_far, read_overrides(from.overrides)); !done) return fail(done.error());
  if (const auto wrong = find_contradiction(so_far.values)) {
    return complain(
        wrong->key, wrong->what,
        fmt::format("{}; {}: {}", so_far.origin_of(wrong->key), wrong->other, so_far.origin_of(wrong->other)));
  }
  return std::move(so_far.values);
}

result<setting_override> parse_set_flag(std::string_view assignment) {
  const auto sign = assignment.find('=');
  if (sign == std::string_view::npos || sign == 0) {
    return fail(errc::invalid_argument, fmt::format("{} is not section.key=value (flag --set)", quoted(assignment)));
  }
  return setting_override{std::string{assignment.substr(0, sign)}, std::string{assignment.substr(sign + 1)}, "--set"};
}

} // namespace parley
