#include "net/rest/account_routes.hpp"

#include <parley/codec.hpp>
#include <parley/encoder.hpp>

namespace parley::net {

namespace {

accounts::on_grant grant_to(http_answer answer) {
  return [answer = std::move(answer)](const result<grant>& given) {
    if (!given) return answer(error_response(given.error()));
    answer(json_response(200, encode_grant(given->token, given->refresh_token, given->user, given->expires_at)));
  };
}

http_response too_fast(milliseconds wait) {
  return error_response({errc::rate_limited, "too many attempts from this address", {}, wait});
}

} // namespace

account_routes::account_routes(const limit_settings& limits, const clock& time, accounts& users)
    : time_{time}, users_{users}, logins_{limits.login}, registrations_{limits.register_} {}

void account_routes::add_to(router& table) {
  const auto row = [this](void (account_routes::*answer_it)(const api_call&, http_answer)) {
    return [this, answer_it](const std::shared_ptr<api_call>& call, http_answer answer) {
      (this->*answer_it)(*call, std::move(answer));
    };
  };
  table.add({"POST", "/v1/register", row(&account_routes::register_user)});
  table.add({"POST", "/v1/login", row(&account_routes::log_in)});
  table.add({"POST", "/v1/token", row(&account_routes::refresh)});
}

void account_routes::register_user(const api_call& call, http_answer answer) {
  if (const auto wait = registrations_.take(call.request.address, time_.steady())) return answer(too_fast(*wait));
  auto given = decode_credentials(call.request.body);
  if (!given) return answer(error_response(given.error()));
  users_.register_user(std::move(given->user), std::move(given->password), std::move(given->name),
                       grant_to(std::move(answer)));
}

void account_routes::log_in(const api_call& call, http_answer answer) {
  if (const auto wait = logins_.take(call.request.address, time_.steady())) return answer(too_fast(*wait));
  auto given = decode_credentials(call.request.body);
  if (!given) return answer(error_response(given.error()));
  users_.log_in(std::move(given->user), std::move(given->password), std::move(given->device),
                grant_to(std::move(answer)));
}

void account_routes::refresh(const api_call& call, http_answer answer) {
  if (const auto wait = logins_.take(call.request.address, time_.steady())) return answer(too_fast(*wait));
  auto token = decode_refresh(call.request.body);
  if (!token) return answer(error_response(token.error()));
  users_.refresh(std::move(*token), grant_to(std::move(answer)));
}

} // namespace parley::net
