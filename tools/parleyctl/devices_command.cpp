#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/client/http_exchange.hpp"
#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/listing.hpp"
#include "tools/parleyctl/outcome.hpp"
#include "tools/parleyctl/question.hpp"
#include "tools/parleyctl/refusal.hpp"

namespace parley::ctl {

namespace json = boost::json;

namespace {

struct devices_options {
  connect_options connection{.timeout_seconds = answer_seconds};
  std::string revoked;
};

result<client::http_answer> ask(const connect_options& options, std::string_view method, std::string target) {
  const auto deadline = deadline_of(options);
  const auto self = read_account(options);
  if (!self) return fail(self.error());
  auto token = self->get_credentials().get_token();
  if (!token) return fail(token.error());
  const auto left = std::min<std::chrono::milliseconds>(
      std::chrono::hours{1}, std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()));
  auto answer = client::exchange(
      self->server, {.method = method, .target = std::move(target), .token = std::move(*token), .body = {}}, left);
  if (answer && answer->status >= 300) return fail(refusal_in(answer->body, answer->status));
  return answer;
}

int list(const devices_options& options) {
  const auto answer = ask(options.connection, "GET", "/v1/devices");
  if (!answer) return tell(answer.error());
  json::error_code trouble;
  const auto body = json::parse(answer->body, trouble);
  if (trouble || !body.is_object())
    return tell({.code = errc::bad_frame, .detail = "the server sent what is not a JSON object"});
  return print_answer(options.connection, body.get_object(),
                      [](const json::object& all) { print_items(all, device_line); });
}

int revoke(const devices_options& options) {
  const auto answer = ask(options.connection, "DELETE", "/v1/devices/" + client::percent_encode(options.revoked));
  if (!answer) return tell(answer.error());
  return print_answer(options.connection, {{"device", options.revoked}, {"revoked", true}}, [](const json::object&) {});
}

} // namespace

void declare_devices(CLI::App& program, command_list& commands) {
  const auto options = std::make_shared<devices_options>();
  auto* const devices = program.add_subcommand("devices", "List your devices, or send one away");
  declare_connection(*devices, options->connection);
  auto* const revoking =
      devices->add_subcommand("revoke", "End a device's connections, and the tokens that are for it");
  revoking->add_option("DEVICE", options->revoked, "Its name")->required();
  revoking->fallthrough()->footer("Options of `devices` may stand here as well.");
  commands.push_back({devices, [options] { return list(*options); }});
  commands.push_back({revoking, [options] { return revoke(*options); }});
}

} // namespace parley::ctl
