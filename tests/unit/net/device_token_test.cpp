#include <doctest/doctest.h>

#include "tests/unit/net/device_stage.hpp"

using namespace parley;
using namespace parley::tests;
using actors::close_code;

namespace {

using frames = std::vector<std::string>;

std::string auth_frame(const std::string& token, const std::string& ref = {}) {
  return R"({"type":"auth","token":")" + token + (ref.empty() ? "\"}" : "\",\"ref\":\"" + ref + "\"}");
}

bool has_code(const std::string& frame, std::string_view code) {
  return frame.find("\"code\":\"" + std::string{code} + '"') != std::string::npos;
}

} // namespace

TEST_CASE_FIXTURE(device_stage, "device: the first frame may bring the token") {
  connect({.device = device_id{"phone"}, .skip_replay = true});
  CHECK_FALSE(session.opening);
  say(auth_frame(token_of("ann"), "1"));
  REQUIRE(session.opening);
  CHECK(session.opening->user.value == "ann");
  CHECK(session.opening->device.value == "phone");
  CHECK(session.opening->skip_replay);
  CHECK(socket->take().empty());
  link().greet();
  run_posted();
  const auto sent = socket->take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].starts_with(R"({"type":"welcome",)"));
  CHECK(sent[1] == R"({"type":"ack","ref":"1"})");
}

TEST_CASE_FIXTURE(device_stage, "device: a first frame that brings none, or a bad one, ends it") {
  for (const auto& first :
       {std::string{R"({"type":"ping"})"}, std::string{"{"}, std::string{R"({"type":"auth"})"}, auth_frame("x.y.z")}) {
    CAPTURE(first);
    device_stage stage;
    stage.connect({});
    stage.say(first);
    CHECK(stage.socket->closed == close_code::authentication_failed);
    CHECK(has_code(stage.socket->take().at(0), "unauthenticated"));
    CHECK_FALSE(stage.session.opening);
    stage.say(auth_frame(stage.token_of("ann")));
    CHECK_FALSE(stage.session.opening);
  }
}

TEST_CASE_FIXTURE(device_stage, "device: a token for another device ends it") {
  connect({.device = device_id{"phone"}});
  say(auth_frame(token_of("ann", device_id{"tablet"})));
  CHECK(socket->closed == close_code::authentication_failed);
  CHECK_FALSE(session.opening);
}

TEST_CASE_FIXTURE(device_stage, "device: no token in time ends it") {
  connect({});
  pass(config.http.handshake_timeout);
  CHECK_FALSE(socket->closed);
  pass(milliseconds{1});
  CHECK(socket->closed == close_code::authentication_failed);
}

TEST_CASE_FIXTURE(device_stage, "device: a protocol nobody speaks ends it before anything is asked") {
  net::upgrade plan;
  plan.bearer = *tokens.verify(token_of("ann"));
  plan.protocol = {"parley.v9", false};
  connect(std::move(plan));
  CHECK(socket->closed == close_code::version_not_supported);
  CHECK_FALSE(session.opening);
}

TEST_CASE_FIXTURE(device_stage, "device: when its token has expired it is told once, then closed") {
  connect_as("ann");
  const auto keep_alive = [&](milliseconds total) {
    for (milliseconds gone{0}; gone < total; gone += milliseconds{30'000}) {
      device.lock()->on_control();
      pass(std::min(milliseconds{30'000}, total - gone));
    }
  };
  keep_alive(config.auth.token_lifetime + net::token_leeway);
  CHECK(socket->take().empty());
  keep_alive(milliseconds{1});
  const auto told = socket->take();
  REQUIRE(told.size() == 1);
  CHECK(has_code(told[0], "token_expired"));
  keep_alive(config.auth.expiry_grace - milliseconds{1});
  CHECK(socket->take().empty());
  CHECK_FALSE(socket->closed);
  keep_alive(milliseconds{1});
  CHECK(socket->closed == close_code::authentication_failed);
}

TEST_CASE_FIXTURE(device_stage, "device: a new token of the same user is taken, and acknowledged if asked for") {
  connect_as("ann");
  say(auth_frame(token_of("ann"), "1"));
  CHECK(socket->take() == frames{R"({"type":"ack","ref":"1"})"});
  say(auth_frame(token_of("ann")));
  CHECK(socket->take().empty());
  CHECK(session.requests.empty());
}

TEST_CASE_FIXTURE(device_stage, "device: another user's token is refused, and changes nothing") {
  connect_as("ann");
  say(auth_frame(token_of("bob"), "1"));
  say(auth_frame("x.y.z", "2"));
  const auto sent = socket->take();
  REQUIRE(sent.size() == 2);
  CHECK(has_code(sent[0], "unauthenticated"));
  CHECK(sent[0].find(R"("ref":"1")") != std::string::npos);
  CHECK(has_code(sent[1], "unauthenticated"));
  CHECK_FALSE(socket->closed);
  say(R"({"type":"ping"})");
  CHECK(socket->take().size() == 1);
}
