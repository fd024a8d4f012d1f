#include "net/poll_route.hpp"

#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"
#include "tests/unit/net/device_stage.hpp"
#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

struct route_stage : device_stage {
  http_request request{.method = "POST", .target = *parse_target("/v1/poll"), .body = "{}", .host = "chat.local"};
  std::vector<http_response> answers;

  route_stage() {
    config.http.origins = {"https://chat.example.com"};
    request.authorization = "Bearer " + token_of("ann");
  }
  ~route_stage() { worker.say_goodbye(milliseconds{1}); }

  void poll(std::string body) {
    request.body = std::move(body);
    serve_poll(request, worker, edge, [this](http_response done) { answers.push_back(std::move(done)); });
    run_posted();
  }
  http_response take() {
    REQUIRE(answers.size() == 1);
    return std::exchange(answers, {}).front();
  }
  /// The first answer of a new session; what a poll says to go on with it.
  std::string begin() {
    poll("{}");
    link().greet();
    link().end_replay("{}");
    run_posted();
    const auto body = *take().body;
    const auto end = body.find(R"(,"frames":)");
    return body.substr(0, end);
  }
};

} // namespace

TEST_CASE_FIXTURE(route_stage, "poll route: the first poll begins a session, and its answer with the welcome") {
  poll(R"({"device":"phone","replay":"none","frames":[{"type":"ping","ref":"1"}]})");
  REQUIRE(session.opening);
  CHECK(session.opening->device.value == "phone");
  CHECK(session.opening->skip_replay);
  CHECK(answers.empty());
  link().greet();
  run_posted();
  const auto answer = take();
  CHECK(answer.status == 200);
  CHECK(answer.body->find(R"("frames":[{"type":"welcome",)") != std::string::npos);
  CHECK(answer.body->find(R"({"type":"pong","ref":"1")") != std::string::npos);
}

TEST_CASE_FIXTURE(route_stage, "poll route: the next poll goes on with the session") {
  const auto ticket = begin();
  poll(ticket + R"(,"s":0,"frames":[{"type":"conversations","ref":"1"},7]})");
  CHECK(session.opened == 1);
  REQUIRE(session.requests.size() == 1);
  CHECK(answers.empty());
  link().reply(R"({"reply":1})");
  run_posted();
  const auto body = *take().body;
  CHECK(body.find(R"("frames":[{"type":"error","code":"bad_frame")") != std::string::npos);
  CHECK(body.find(R"({"reply":1}])") != std::string::npos);
}

TEST_CASE_FIXTURE(route_stage, "poll route: an unknown session, a wrong key or too high a counter begin a new one") {
  const auto ticket = begin();
  for (const auto& body : {std::string{R"({"session":"s-0","resumeKey":"k","s":0})"},
                           ticket.substr(0, ticket.size() - 2) + R"(","s":0})", ticket + R"(,"s":5})"}) {
    CAPTURE(body);
    const auto before = session.opened;
    poll(body);
    CHECK(session.opened == before + 1);
  }
}

TEST_CASE_FIXTURE(route_stage, "poll route: a poll takes over the session of a socket") {
  const auto ticket = go_online();
  link().push(make_live(message(conversation_number(1), 1, bob)));
  run_posted();
  poll(R"({"session":")" + ticket.session + R"(","resumeKey":")" + ticket.key + R"(","s":0})");
  CHECK(socket->closed == actors::close_code::replaced);
  CHECK(session.opened == 1);
  const auto body = *take().body;
  CHECK(body.find(R"("resumed":true)") != std::string::npos);
  CHECK(body.ends_with(R"(,"s":1}]})"));
}

TEST_CASE_FIXTURE(route_stage, "poll route: a socket takes over the session of a poll, which is told") {
  const auto ticket = begin();
  poll(ticket + R"(,"s":0})");
  const auto text_behind = [&](std::string_view name) {
    const auto from = ticket.find(name) + name.size();
    return ticket.substr(from, ticket.find('"', from) - from);
  };
  come_back({{text_behind(R"("session":")")}, text_behind(R"("resumeKey":")"), 0});
  CHECK(take().body->find(R"("close":{"code":4506,)") != std::string::npos);
  CHECK(socket->take().at(0).find(R"("resumed":true)") != std::string::npos);
}

TEST_CASE_FIXTURE(route_stage, "poll route: a session nobody polls is parked, and found again") {
  const auto ticket = begin();
  pass(milliseconds{30'000});
  CHECK(session.detached == 1);
  poll(ticket + R"(,"s":0})");
  CHECK(session.attached == 1);
  CHECK(take().body->find(R"("resumed":true)") != std::string::npos);
}

TEST_CASE_FIXTURE(route_stage, "poll route: what is wrong with the request is answered as everywhere below /v1") {
  request.authorization = "";
  poll("{}");
  CHECK(answers.back().status == 401);
  request.authorization = "Bearer x.y.z";
  poll("{}");
  CHECK(answers.back().status == 401);
  request.authorization = "Bearer " + token_of("ann", device_id{"tablet"});
  poll(R"({"device":"phone"})");
  CHECK(answers.back().status == 401);
  request.authorization = "Bearer " + token_of("ann");
  poll(R"({"waitMs":-1})");
  CHECK(answers.back().status == 400);
  CHECK(error_code(answers.back()) == "invalid_argument");
  poll(R"({"frames":[1,2,3]})");
  CHECK(answers.back().status == 422);
  request.method = "GET";
  poll("{}");
  CHECK(answers.back().status == 405);
  CHECK(header(answers.back(), "Allow") == "POST");
  CHECK_FALSE(session.opening);
}

TEST_CASE_FIXTURE(route_stage,
                  "poll route: pages of other origins are refused, those on the list may read the answer") {
  request.origin = "https://evil.example";
  poll("{}");
  CHECK(answers.back().status == 403);
  request.origin = "https://chat.example.com";
  request.method = "OPTIONS";
  poll("");
  CHECK(answers.back().status == 204);
  CHECK(header(answers.back(), "Access-Control-Allow-Origin") == "https://chat.example.com");
  CHECK_FALSE(session.opening);
}
