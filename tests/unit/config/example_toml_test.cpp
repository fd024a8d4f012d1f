#include "config/keys.hpp"
#include "tests/unit/config/temporary_file.hpp"

#include <parley/load_settings.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

using namespace parley;

namespace {

std::string checked_in() {
  std::ostringstream text;
  text << std::ifstream{PARLEY_EXAMPLE_TOML}.rdbuf();
  return text.str();
}

} // namespace

TEST_CASE("config: the example file is what the table of keys makes of it") {
  // After a change of the table: PARLEY_WRITE_EXAMPLE=1 config_tests
  if (std::getenv("PARLEY_WRITE_EXAMPLE")) std::ofstream{PARLEY_EXAMPLE_TOML} << example_toml();
  CHECK(checked_in() == example_toml());
}

TEST_CASE("config: the example file loads to the defaults") {
  const auto loaded = load_settings({.file = PARLEY_EXAMPLE_TOML, .environment = {}, .overrides = {}});
  REQUIRE_MESSAGE(loaded, loaded.error().detail);
  CHECK(print_settings(*loaded) == print_settings(settings{}));
}

TEST_CASE("config: every key stands in the example file, once and with a line about it") {
  const auto text = checked_in();
  std::set<std::string_view> names;
  for (const auto& setting : all_keys()) {
    CHECK_MESSAGE(names.insert(setting.name).second, setting.name);
    CHECK_FALSE(setting.doc.empty());
    const auto name = setting.name.substr(setting.name.rfind('.') + 1);
    const auto entry = "# " + std::string{setting.doc} + "\n" + std::string{name} + " = ";
    CHECK_MESSAGE(text.find(entry) != std::string::npos, setting.name);
  }
}

TEST_CASE("config: each key has a field of its own, and its default is within its range") {
  settings defaults;
  std::set<const void*> fields;
  for (const auto& setting : all_keys()) {
    const auto* place = std::visit([](auto* any) -> const void* { return any; }, setting.in(defaults));
    CHECK_MESSAGE(fields.insert(place).second, setting.name);
    const auto written = write_field(setting, defaults, read_field(setting, defaults));
    CHECK_MESSAGE(written, setting.name);
  }
}

TEST_CASE("config: a duration says its unit in its name") {
  settings any;
  for (const auto& setting : all_keys()) {
    const auto in = setting.in(any);
    CHECK(std::holds_alternative<milliseconds*>(in) == setting.name.ends_with("_ms"));
    CHECK(std::holds_alternative<seconds*>(in) == setting.name.ends_with("_s"));
  }
}
