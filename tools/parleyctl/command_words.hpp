/// The words that a command line may have, as a plain tree.

#pragma once

#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): the name is the library's
class App;      // NOLINT(readability-identifier-naming)
} // namespace CLI

namespace parley::ctl {

enum class flag_value { none, any, file };

struct flag_words {
  /// With their dashes: `-h`, `--help`.
  std::vector<std::string> names;
  std::string about;
  flag_value value = flag_value::none;
};

struct command_words {
  std::string name, about;
  std::vector<flag_words> flags;
  std::vector<command_words> commands;
};

/// What `program` was declared to understand; a command that lets flags through to its parent has those of the parent
/// as well.
[[nodiscard]] command_words words_of(const CLI::App& program);

} // namespace parley::ctl
