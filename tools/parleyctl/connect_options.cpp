#include "tools/parleyctl/connect_options.hpp"

#include <CLI/CLI.hpp>

namespace parley::ctl {

namespace {

// A token given by hand may be good for one device only, which the server then knows.
std::string device_of(const connect_options& options) {
  if (!options.device.empty() || !options.proof.token.empty()) return options.device;
  return "parleyctl";
}

} // namespace

void declare_connection(CLI::App& command, connect_options& options) {
  command.add_option("--url", options.url, "Server, as http://HOST:PORT or https://HOST:PORT")->capture_default_str();
  command
      .add_option("--ca", options.authority, "With https: whom to trust, in PEM, instead of those this machine trusts")
      ->type_name("FILE");
  command.add_option("--user", options.user, "Who you are")->required();
  command.add_option("--device", options.device, "Name of this device (parleyctl, unless --token is given)");
  auto* const password = command
                             .add_option("--password-file", options.proof.password_file,
                                         "Password, in the first line; else PARLEY_PASSWORD, else you are asked")
                             ->type_name("FILE");
  auto* const token = command.add_option("--token", options.proof.token, "Token at hand, instead of a password");
  auto* const secret = command
                           .add_option("--secret-file", options.proof.secret_file,
                                       "The server's HS256 key, DATA/jwt.secret: makes the token")
                           ->type_name("FILE");
  auto* const registers = command.add_flag("--register", options.proof.must_register, "Create the account first");
  token->excludes(password)->excludes(secret)->excludes(registers);
  secret->excludes(password)->excludes(registers);
  auto* const timeout =
      command.add_option("--timeout", options.timeout_seconds, "End after so many seconds with exit code 2");
  if (options.timeout_seconds > 0) timeout->capture_default_str();
  command.add_flag("--json", options.json, "Print JSON");
}

result<account> read_account(const connect_options& options) {
  const auto server = client::parse_server_url(options.url, options.authority);
  if (!server) return fail(server.error());
  const auto user = parse_user_id(options.user);
  if (!user) return fail(user.error());
  account self{.server = *server, .user = *user, .device = {}, .proof = options.proof};
  if (const auto name = device_of(options); !name.empty()) {
    const auto device = parse_device_id(name);
    if (!device) return fail(device.error());
    self.device = *device;
  }
  return self;
}

instant deadline_of(const connect_options& options) {
  const auto now = std::chrono::steady_clock::now();
  if (options.timeout_seconds <= 0) return now + std::chrono::hours{24 * 365};
  return now + std::chrono::duration_cast<instant::duration>(std::chrono::duration<double>{options.timeout_seconds});
}

} // namespace parley::ctl
