/// From files, the environment and flags to `settings`, and back to text.
///
/// Later sources win: defaults, the TOML file, `PARLEY__SECTION__KEY` in the environment, flags. Whatever is wrong is
/// one `invalid_argument` whose detail is one line that names the key and where it came from. Called once, before any
/// thread.

#pragma once

#include <parley/error.hpp>
#include <parley/settings.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// A value given on the command line.
struct setting_override {
  /// `http.listen`.
  std::string key;
  /// Lists are separated by commas.
  std::string value;
  /// The flag as the user knows it: `--listen`.
  std::string flag;
};

struct settings_sources {
  /// Path of a TOML file; empty: none.
  std::string file;
  /// `NAME=value` as in `environ`; names without the prefix `PARLEY__` are not looked at.
  std::vector<std::string> environment;
  /// In the order given; a later one wins.
  std::vector<setting_override> overrides;
};

[[nodiscard]] result<settings> load_settings(const settings_sources& from);

/// Reads the argument of `--set`: `section.key=value`.
[[nodiscard]] result<setting_override> parse_set_flag(std::string_view assignment);

/// The environment of this process.
[[nodiscard]] std::vector<std::string> process_environment();

/// TOML that loads to `of`, but for secrets: these read `***` when they are set.
[[nodiscard]] std::string print_settings(const settings& of);

/// Every key with its default and a line about it: the text of `config/parley.example.toml`.
[[nodiscard]] std::string example_toml();

} // namespace parley
