#include "net/routes.hpp"

#include "net/api_door.hpp"
#include "net/cors.hpp"
#include "net/origin.hpp"

namespace parley::net {

namespace {

/// The web client is our own and needs nothing from elsewhere; a message that smuggles in a script finds no way to run.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

bool is_read(const http_request& request) { return request.method == "GET" || request.method == "HEAD"; }

http_response upgrade_required() {
  auto response = error_response({errc::invalid_argument, "connect with a WebSocket", "upgrade", {}}, 426);
  response.headers.insert(response.headers.end(), {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}});
  return response;
}

} // namespace

routes::routes(const limit_settings& limits, std::vector<std::string> origins, const clock& time, accounts& users,
               static_files files, std::function<bool()> is_ready, router rows)
    : origins_{std::move(origins)},
      files_{std::move(files)},
      is_ready_{std::move(is_ready)},
      accounts_{limits, time, users},
      api_{std::move(rows)} {
  accounts_.add_to(api_);
}

void routes::handle(http_request request, http_answer answer) {
  const auto& path = request.target.path;
  if (path.starts_with("/v1/")) {
    auto entered = enter_api(request, origins_, std::move(answer));
    if (entered) api_.handle(std::move(request), std::move(*entered));
    return;
  }
  // No page of a browser has a use for it, so it is not behind the API's door.
  if (path == "/metrics") return api_.handle(std::move(request), std::move(answer));
  if (path == "/healthz" || path == "/readyz") {
    if (!is_read(request)) return answer(method_not_allowed("GET, HEAD"));
    if (path == "/readyz" && !is_ready_()) return answer(error_response({errc::unavailable, "not ready", {}, {}}));
    return answer(json_response(200, R"({"status":"ok"})"));
  }
  if (path == "/connect") return answer(upgrade_required());
  answer(serve_file(request));
}

tl::expected<body_room, http_response> routes::room_for_body(const http_request& head,
                                                             std::optional<std::uint64_t> length) const {
  auto room = api_.room_for_body(head, length);
  if (room) return std::move(*room);
  auto refusal = error_response(room.error());
  if (!head.origin.empty() && is_origin_allowed(head.origin, head.host, origins_)) open_to_origin(refusal, head.origin);
  return tl::unexpected{std::move(refusal)};
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
