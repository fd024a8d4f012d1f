#include "net/routes.hpp"

#include <array>

#include <fmt/format.h>

#include <parley/codec.hpp>
#include <parley/encoder.hpp>

#include "net/cors.hpp"
#include "net/origin.hpp"

namespace parley::net {

namespace {

/// The web client is our own and needs nothing from elsewhere; a message that smuggles in a script finds no way to run.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

accounts::on_grant grant_to(http_answer answer) {
  return [answer = std::move(answer)](const result<grant>& given) {
    if (!given) return answer(error_response(given.error()));
    answer(json_response(200, encode_grant(given->token, given->refresh_token, given->user, given->expires_at)));
  };
}

error too_fast(milliseconds wait) { return {errc::rate_limited, "too many attempts from this address", {}, wait}; }

bool is_read(const http_request& request) { return request.method == "GET" || request.method == "HEAD"; }

http_response method_not_allowed(std::string_view allowed) {
  auto response =
      error_response({errc::invalid_argument, fmt::format("only {} is allowed here", allowed), "method", {}}, 405);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

http_response upgrade_required() {
  auto response = error_response({errc::invalid_argument, "connect with a WebSocket", "upgrade", {}}, 426);
  response.headers.insert(response.headers.end(), {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}});
  return response;
}

} // namespace

routes::routes(const limit_settings& limits, std::vector<std::string> origins, const clock& time, accounts& users,
               static_files files, std::function<bool()> is_ready)
    : origins_{std::move(origins)},
      time_{time},
      users_{users},
      files_{std::move(files)},
      is_ready_{std::move(is_ready)},
      logins_{limits.login},
      registrations_{limits.register_} {}

void routes::handle(const http_request& request, http_answer answer) {
  const auto& path = request.target.path;
  if (path.starts_with("/v1/")) return answer_api(request, std::move(answer));
  if (path == "/healthz" || path == "/readyz") {
    if (!is_read(request)) return answer(method_not_allowed("GET, HEAD"));
    if (path == "/readyz" && !is_ready_()) return answer(error_response({errc::unavailable, "not ready", {}, {}}));
    return answer(json_response(200, R"({"status":"ok"})"));
  }
  if (path == "/connect") return answer(upgrade_required());
  answer(serve_file(request));
}

void routes::answer_api(const http_request& request, http_answer answer) {
  // The rule of `/connect`: a page elsewhere does not use its visitors' browsers to register or to guess passwords.
  if (!is_origin_allowed(request.origin, request.host, origins_))
    return answer(error_response({errc::forbidden, "this origin may not call", "origin", {}}));
  if (!request.origin.empty()) {
    answer = [answer = std::move(answer), origin = request.origin](http_response response) {
      open_to_origin(response, origin);
      answer(std::move(response));
    };
  }
  if (request.method == "OPTIONS") return answer(preflight_response());

  using handler = void (routes::*)(const http_request&, http_answer);
  static constexpr std::array<std::pair<std::string_view, handler>, 3> posts{{
      {"/v1/register", &routes::handle_register},
      {"/v1/login", &routes::handle_login},
      {"/v1/token", &routes::handle_token},
  }};
  for (const auto& [name, handle_post] : posts) {
    if (request.target.path != name) continue;
    if (request.method != "POST") return answer(method_not_allowed("POST"));
    return (this->*handle_post)(request, std::move(answer));
  }
  answer(error_response({errc::not_found, "there is no such resource", {}, {}}));
}

void routes::handle_register(const http_request& request, http_answer answer) {
  if (const auto wait = registrations_.take(request.address, time_.steady()))
    return answer(error_response(too_fast(*wait)));
  auto given = decode_credentials(request.body);
  if (!given) return answer(error_response(given.error()));
  users_.register_user(std::move(given->user), std::move(given->password), std::move(given->name),
                       grant_to(std::move(answer)));
}

void routes::handle_login(const http_request& request, http_answer answer) {
  if (const auto wait = logins_.take(request.address, time_.steady())) return answer(error_response(too_fast(*wait)));
  auto given = decode_credentials(request.body);
  if (!given) return answer(error_response(given.error()));
  users_.log_in(std::move(given->user), std::move(given->password), std::move(given->device),
                grant_to(std::move(answer)));
}

void routes::handle_token(const http_request& request, http_answer answer) {
  if (const auto wait = logins_.take(request.address, time_.steady())) return answer(error_response(too_fast(*wait)));
  auto token = decode_refresh(request.body);
  if (!token) return answer(error_response(token.error()));
  users_.refresh(std::move(*token), grant_to(std::move(answer)));
}

http_response routes::serve_file(const http_request& request) const {
  if (!is_read(request)) return method_not_allowed("GET, HEAD");
  const auto* file = files_.find(request.target.path);
  if (!file) return error_response({errc::not_found, "there is no such page", {}, {}});
  http_response response{200, file->content_type, file->body, {}};
  response.headers = {
      {"Cache-Control", file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"ETag", file->etag},
      {"Content-Security-Policy", std::string{content_security_policy}},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
  };
  if (names_etag(request.if_none_match, file->etag)) {
    response.status = 304;
    response.body = nullptr;
  }
  return response;
}

} // namespace parley::net
