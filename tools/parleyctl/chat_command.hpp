/// `parleyctl chat`: a conversation in the terminal, or sent and heard by a script.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tools/parleyctl/credentials.hpp"

namespace CLI { // NOLINT(readability-identifier-naming): the name is the library's
class App;      // NOLINT(readability-identifier-naming)
} // namespace CLI

namespace parley::ctl {

struct chat_options {
  std::string url = "http://127.0.0.1:8080";
  std::string user;
  /// A user, or the id of a conversation.
  std::string to;
  std::string device;
  credential_options proof;
  std::vector<std::string> texts;
  std::size_t listen = 0;
  /// 0: no limit.
  double timeout_seconds = 0;
  bool json = false;
};

/// Adds the command to the program; the options are filled when the program parses its words.
CLI::App* declare_chat(CLI::App& program, chat_options& options);

/// Exit code: 0 done, 1 an error that was told on stderr, 2 the time was up.
[[nodiscard]] int run_chat(const chat_options& options);

} // namespace parley::ctl
