/// The options that every command has: which server, who asks, how long.

#pragma once

#include <string>

#include <parley/clock.hpp>

#include "tools/parleyctl/credentials.hpp"

namespace CLI { // NOLINT(readability-identifier-naming): the name is the library's
class App;      // NOLINT(readability-identifier-naming)
} // namespace CLI

namespace parley::ctl {

struct connect_options {
  std::string url = "http://127.0.0.1:8080";
  /// PEM file; empty: whom the machine trusts.
  std::string authority;
  std::string user;
  std::string device;
  credential_options proof;
  /// 0: no limit.
  double timeout_seconds = 0;
  bool json = false;
};

/// What a command that asks once waits for an answer, unless told otherwise.
constexpr double answer_seconds = 30;

/// The same, understood.
struct account {
  client::server_url server;
  user_id user;
  /// Empty: whatever device the token is for.
  device_id device;
  credential_options proof;

  [[nodiscard]] credentials get_credentials() const { return {server, user, device, proof}; }
};

/// Adds the options to a command; they are filled when the program parses its words.
void declare_connection(CLI::App& command, connect_options& options);

[[nodiscard]] result<account> read_account(const connect_options& options);
[[nodiscard]] instant deadline_of(const connect_options& options);

} // namespace parley::ctl
