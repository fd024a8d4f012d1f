/// What the command line asks for.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <sys/types.h>

#include "tools/client/server_url.hpp"

namespace parley::load {

/// Who is to be loaded, which every mode needs to know.
struct target_options {
  /// Several nodes of one cluster share the connections evenly.
  std::vector<client::server_url> servers;
  std::string secret;
  std::uint32_t connections_per_second = 1000;
  /// Empty: whoever listens on the ports of the servers, when they are on this machine.
  std::vector<pid_t> server_processes;
  bool json = false;
};

struct chat_options : target_options {
  std::uint32_t pairs = 10;
  /// Messages of a pair on their way at the same time.
  std::uint32_t window = 1;
  /// Messages a second over all pairs, at times that do not wait for the server; 0: as fast as the window allows.
  double rate = 0;
  std::chrono::duration<double> duration{10};
  /// Sending before that; all is checked, and nothing measured.
  std::chrono::duration<double> warm_up{0};
  std::size_t text_bytes = 100;
  bool echo = false;
};

struct idle_options : target_options {
  std::uint32_t connections = 1000;
  /// Fewer users than connections have several devices each; 0: as many.
  std::uint32_t users = 0;
  /// How long everybody stays before the memory is looked at.
  std::chrono::duration<double> duration{5};
};

struct group_options : target_options {
  std::uint32_t members = 100;
  /// The first of them write.
  std::uint32_t senders = 1;
  /// Messages of a sender that not every member has yet.
  std::uint32_t window = 1;
  /// Messages a second over all senders; 0: as fast as the window allows.
  double rate = 0;
  std::chrono::duration<double> duration{10};
  std::size_t text_bytes = 100;
  /// Every member says `received` after so many messages; 0: never.
  std::uint32_t confirm_every = 64;
};

struct history_options : target_options {
  std::uint32_t conversations = 100;
  std::uint32_t messages = 100;
  std::uint32_t connections = 10;
  std::uint32_t limit = 50;
  std::chrono::duration<double> duration{10};
};

struct reconnect_options : target_options {
  std::uint32_t connections = 1000;
  std::chrono::duration<double> within{10};
};

using mode_options = std::variant<chat_options, idle_options, group_options, history_options, reconnect_options>;

struct parsed_options {
  /// Absent when the program is done already: help was asked for, or something is wrong and was said.
  std::optional<mode_options> mode;
  int exit_code = 0;
};

[[nodiscard]] parsed_options parse_options(int count, const char* const* words);

} // namespace parley::load
