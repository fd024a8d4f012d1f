/// The places that settings come from. Each gives its assignments in order; none of them knows the table of keys.

#pragma once

#include "config/value.hpp"

#include <parley/load_settings.hpp>

#include <string>
#include <variant>
#include <vector>

namespace parley {

/// Text whose meaning depends on the key: from the environment or a flag.
struct raw_text {
  std::string text;
};
/// A value of a type that no setting has, such as a date.
struct unfit_value {};

struct assignment {
  /// `http.listen`.
  std::string key;
  std::variant<setting_value, raw_text, unfit_value> value;
  /// Where it stands, for people: `parley.toml line 3`.
  std::string origin;
};

[[nodiscard]] result<std::vector<assignment>> read_toml_file(const std::string& path);
/// `PARLEY__AUTH__JWT__ISSUER` is `auth.jwt.issuer`; anything with that prefix counts, so that a misspelt one is
/// noticed.
[[nodiscard]] std::vector<assignment> read_environment(const std::vector<std::string>& environment);
[[nodiscard]] std::vector<assignment> read_overrides(const std::vector<setting_override>& overrides);

} // namespace parley
