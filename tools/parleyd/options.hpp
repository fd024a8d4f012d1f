/// The command line of the server.

#pragma once

#include <optional>

#include <parley/load_settings.hpp>

namespace parley::parleyd {

struct options {
  settings_sources sources;
  bool print_config = false;
  bool check_config = false;
  bool migrate_only = false;
};

/// Reads the arguments. Where there is nothing more to do (help, version, a mistake that was told), the exit code.
struct read_options {
  options given;
  std::optional<int> exit_code;
};

[[nodiscard]] read_options read_command_line(int argc, char** argv);

} // namespace parley::parleyd
