/// What the command line asks for.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tools/client/server_url.hpp"

namespace parley::load {

struct chat_options {
  /// Several nodes of one cluster share the connections evenly.
  std::vector<client::server_url> servers;
  std::string secret;
  std::uint32_t pairs = 10;
  /// Messages of a pair on their way at the same time.
  std::uint32_t window = 1;
  /// Messages a second over all pairs, at times that do not wait for the server; 0: as fast as the window allows.
  double rate = 0;
  std::chrono::duration<double> duration{10};
  std::size_t text_bytes = 100;
  bool echo = false;
  std::uint32_t connections_per_second = 1000;
  /// Empty: whoever listens on the ports of the servers, when they are on this machine.
  std::vector<pid_t> server_processes;
  bool json = false;
};

struct parsed_options {
  /// Absent when the program is done already: help was asked for, or something is wrong and was said.
  std::optional<chat_options> chat;
  int exit_code = 0;
};

[[nodiscard]] parsed_options parse_options(int count, const char* const* words);

} // namespace parley::load
