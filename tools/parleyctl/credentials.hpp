/// How a person proves who they are: a token at hand, the server's secret, or name and password.

#pragma once

#include <string>

#include <parley/ids.hpp>

#include "tools/client/server_url.hpp"

namespace parley::ctl {

struct credential_options {
  std::string token;
  std::string secret_file;
  std::string password_file;
  /// Create the account first.
  bool must_register = false;
};

class credentials {
public:
  credentials(client::server_url server, user_id user, device_id device, credential_options options);

  /// A token, fetched anew each time; may ask for the password, once, and wait for the server.
  [[nodiscard]] result<std::string> get_token();

private:
  [[nodiscard]] result<std::string> mint() const;
  [[nodiscard]] result<std::string> log_in();
  [[nodiscard]] result<void> find_password();

  client::server_url server_;
  user_id user_;
  device_id device_;
  credential_options options_;
  std::string password_;
};

} // namespace parley::ctl
