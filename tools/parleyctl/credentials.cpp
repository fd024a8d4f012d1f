#include "tools/parleyctl/credentials.hpp"

#include <cstdlib>
#include <fstream>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/client/http_exchange.hpp"
#include "tools/client/token.hpp"
#include "tools/parleyctl/json_fields.hpp"
#include "tools/parleyctl/password_prompt.hpp"
#include "tools/parleyctl/refusal.hpp"

namespace parley::ctl {

namespace json = boost::json;

credentials::credentials(client::server_url server, user_id user, device_id device, credential_options options)
    : server_{std::move(server)}, user_{std::move(user)}, device_{std::move(device)}, options_{std::move(options)} {}

result<std::string> credentials::get_token() {
  if (!options_.token.empty()) return options_.token;
  if (!options_.secret_file.empty()) return mint();
  return log_in();
}

result<std::string> credentials::mint() const {
  const auto secret = client::read_secret(options_.secret_file);
  if (!secret) return fail(secret.error());
  return client::mint_token(*secret, {.user = user_}, system_clock{}.now());
}

result<std::string> credentials::log_in() {
  if (const auto found = find_password(); !found) return fail(found.error());
  const auto registers = std::exchange(options_.must_register, false); // an account is made only once
  json::object body{{"user", user_.value}, {"password", password_}};
  if (!registers && !device_.value.empty()) body["device"] = device_.value;
  const auto answer = client::exchange(
      server_, {.method = "POST", .target = registers ? "/v1/register" : "/v1/login", .body = json::serialize(body)});
  if (!answer) return fail(answer.error());

  json::error_code trouble;
  const auto value = json::parse(answer->body, trouble);
  const auto* const fields = trouble ? nullptr : value.if_object();
  if (fields == nullptr)
    return fail(errc::unavailable, fmt::format("{} answered HTTP {}", server_.text(), answer->status));
  if (answer->status >= 300) return fail(refusal_in(*fields));
  return std::string{text_in(*fields, "token")};
}

result<void> credentials::find_password() {
  if (!password_.empty()) return {};
  if (!options_.password_file.empty()) {
    std::ifstream file{options_.password_file};
    if (!std::getline(file, password_)) return fail(errc::not_found, options_.password_file + ": cannot be read");
    return {};
  }
  if (const auto* const given = std::getenv("PARLEY_PASSWORD"); given != nullptr) {
    password_ = given;
    return {};
  }
  auto typed = ask_for_password(fmt::format("Password of {}: ", user_.value));
  if (!typed) return fail(typed.error());
  password_ = std::move(*typed);
  return {};
}

} // namespace parley::ctl
