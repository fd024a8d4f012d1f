#include "net/poll_route.hpp"

#include "net/api_door.hpp"
#include "net/auth/bearer_token.hpp"
#include "net/device_connection.hpp"
#include "net/poll_transport.hpp"

#include <parley/poll_body.hpp>

namespace parley::net {

namespace {

/// A poll, and what else is needed to begin a session with it.
struct first_poll {
  poll_exchange exchange;
  upgrade plan;
  device_id device;
};

result<first_poll> decide_poll(const http_request& request, const edge& shared) {
  const auto given = bearer_token(request.authorization);
  if (!given) return fail(errc::unauthenticated, "Authorization must be Bearer with a token");
  auto bearer = shared.tokens.verify(*given);
  if (!bearer) return fail(bearer.error());
  auto body = decode_poll(request.body, shared.config.limits.in_flight);
  if (!body) return fail(body.error());
  auto device = device_of(*bearer, body->device);
  if (!device) return fail(device.error());

  first_poll poll{.exchange = {.bearer = *bearer, .frames = std::move(body->frames), .s = body->s, .wait = body->wait},
                  .plan = {.bearer = *bearer, .device = std::move(body->device), .skip_replay = body->skip_replay},
                  .device = std::move(*device)};
  if (body->session) poll.plan.resume = {*body->session, std::move(body->resume_key), body->s};
  return poll;
}

/// On the thread of `worker`.
void begin_polling(first_poll poll, io_worker& worker, edge& shared) {
  const auto& limits = shared.config.limits;
  const auto transport = std::make_shared<poll_transport>(
      poll_limits{.outbox = {limits.outbox_frames, limits.outbox_bytes}, .inbox_max = 2 * limits.in_flight},
      shared.time);
  const auto connection =
      std::make_shared<device_connection>(transport, std::move(poll.plan), std::nullopt, worker, shared);
  transport->listen(connection);
  connection->start();
  transport->begin(std::move(poll.exchange));
  connection->on_open();
}

} // namespace

void serve_poll(const http_request& request, io_worker& worker, edge& shared, http_answer answer) {
  auto entered = enter_api(request, shared.config.http.origins, std::move(answer));
  if (!entered) return;
  if (request.method != "POST") return (*entered)(method_not_allowed("POST"));
  auto decided = decide_poll(request, shared);
  if (!decided) return (*entered)(error_response(decided.error()));
  decided->exchange.answer = std::move(*entered);
  if (!decided->plan.resume) return begin_polling(std::move(*decided), worker, shared);

  const session_claim claim{*decided->plan.resume, decided->exchange.bearer.user, decided->device};
  auto poll = std::make_shared<first_poll>(std::move(*decided));
  shared.sessions.visit(claim, worker, [poll, &worker, &shared](device_session* session) {
    if (session && session->take_poll(poll->exchange)) return;
    worker.post([poll, &worker, &shared] { begin_polling(std::move(*poll), worker, shared); });
  });
}

} // namespace parley::net
