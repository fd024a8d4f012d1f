#include "tools/parleyd/options.hpp"

#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace parley::parleyd {

read_options read_command_line(int argc, char** argv) {
  read_options out;
  CLI::App app{"parleyd: the Parley chat server. One node; SQLite unless the settings say otherwise."};
  app.set_version_flag("--version", std::string{"parleyd " PARLEY_VERSION});
  std::string data;
  std::vector<std::string> listeners, assignments;
  app.add_option("--config", out.given.sources.file, "TOML file with settings")->type_name("FILE");
  app.add_option("--data", data, "directory for everything that must not be lost")->type_name("DIR");
  app.add_option("--listen", listeners, "address to listen on; port 0 picks a free one; may be repeated")
      ->type_name("HOST:PORT")
      ->expected(1)
      ->take_all();
  app.add_option("--set", assignments, "one setting, as section.key=value; may be repeated")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  app.add_flag("--print-config", out.given.print_config, "print the settings in force and end");
  app.add_flag("--check-config", out.given.check_config, "say whether the settings are right and end");
  app.add_flag("--migrate-only", out.given.migrate_only, "bring the database to this version's layout and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stop) {
    if (stop.get_exit_code() == 0) {
      out.exit_code = app.exit(stop);
    } else {
      std::cerr << "parleyd: " << stop.what() << "\n";
      out.exit_code = 1;
    }
    return out;
  }

  auto& sources = out.given.sources;
  sources.environment = process_environment();
  if (!data.empty()) sources.overrides.push_back({"data", data, "--data"});
  if (!listeners.empty())
    sources.overrides.push_back({"http.listen", fmt::format("{}", fmt::join(listeners, ",")), "--listen"});
  for (const auto& assignment : assignments) {
    auto one = parse_set_flag(assignment);
    if (!one) {
      std::cerr << "parleyd: " << one.error().detail << "\n";
      out.exit_code = 1;
      return out;
    }
    sources.overrides.push_back(std::move(*one));
  }
  return out;
}

} // namespace parley::parleyd
