#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"
#include "tests/unit/net/device_stage.hpp"

using namespace parley;
using namespace parley::tests;
using actors::close_code;

namespace {

using frames = std::vector<std::string>;
const auto lunch = conversation_number(1);

bool has_code(const std::string& frame, std::string_view code) {
  return frame.find("\"code\":\"" + std::string{code} + '"') != std::string::npos;
}

} // namespace

TEST_CASE_FIXTURE(device_stage, "device: with a token it has a session at once") {
  connect_as("ann");
  REQUIRE(session.opening);
  CHECK(session.opening->user.value == "ann");
  CHECK(session.opening->device.value == "default");
  CHECK(session.opening->session != session_id{});
  CHECK(socket->is_reading);
}

TEST_CASE_FIXTURE(device_stage, "device: requests go to the session, answers to the socket") {
  connect_as("ann");
  say(R"({"type":"conversations","ref":"1"})");
  REQUIRE(session.requests.size() == 1);
  CHECK(session.requests[0].ref == "1");
  link().reply("answer");
  CHECK(socket->take().empty());
  run_posted();
  CHECK(socket->take() == frames{"answer"});
}

TEST_CASE_FIXTURE(device_stage, "device: a ping is answered without the session") {
  connect_as("ann");
  say(R"({"type":"ping","ref":"1"})");
  CHECK(session.requests.empty());
  CHECK(socket->take() == frames{R"({"type":"pong","ref":"1","serverTime":1790000000000})"});
}

TEST_CASE_FIXTURE(device_stage, "device: nothing is read while so many requests are open") {
  connect_as("ann");
  say(R"({"type":"conversations"})");
  CHECK(socket->is_reading);
  say(R"({"type":"conversations"})");
  CHECK_FALSE(socket->is_reading);
  link().reply("answer");
  run_posted();
  CHECK(socket->is_reading);
}

TEST_CASE_FIXTURE(device_stage, "device: each of the five answers frees a place") {
  config.limits.in_flight = 1;
  connect_as("ann");
  const auto is_answered_by = [&](auto&& answer) {
    say(R"({"type":"conversations"})");
    CHECK_FALSE(socket->is_reading);
    answer();
    run_posted();
    return socket->is_reading;
  };
  CHECK(is_answered_by([&] { link().reply("answer"); }));
  CHECK(is_answered_by([&] { link().refuse("1", {errc::not_found, "", {}, {}}); }));
  CHECK(is_answered_by([&] { link().finish(); }));
  CHECK(is_answered_by([&] { link().acknowledge({.ref = "1", .conversation = lunch, .seq = 1}); }));
  CHECK(is_answered_by([&] { link().reply_history("page", lunch, 1); }));
}

TEST_CASE_FIXTURE(device_stage, "device: nothing is read while its reader is behind") {
  connect_as("ann");
  socket->is_stuck = true;
  say(R"({"type":"ping"})");
  CHECK_FALSE(socket->is_reading);
  socket->is_stuck = false;
  device.lock()->on_written();
  CHECK(socket->is_reading);
}

TEST_CASE_FIXTURE(device_stage, "device: pushes arrive in the window, holes are asked of the session") {
  connect_as("ann");
  link().greet();
  link().end_replay("synced");
  link().push(make_live(message(lunch, 3, bob)));
  link().push(make_live(message(lunch, 5, bob)));
  run_posted();
  const auto sent = socket->take();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].starts_with(R"({"type":"welcome","user":"ann","device":"default","session":"s-node-1-)"));
  CHECK(sent[1] == "synced");
  CHECK(sent[2].ends_with(R"(,"s":1})"));
  REQUIRE(session.holes.size() == 1);
  CHECK(session.holes[0].after == 3);
  link().fill(lunch, {make_live(message(lunch, 4, bob)), make_live(message(lunch, 5, bob))});
  run_posted();
  CHECK(socket->take().size() == 2);
}

TEST_CASE_FIXTURE(device_stage, "device: a frame that makes no sense is answered with its ref") {
  connect_as("ann");
  say(R"({"type":"nonsense","ref":"7"})");
  const auto sent = socket->take();
  REQUIRE(sent.size() == 1);
  CHECK(has_code(sent[0], "unknown_type"));
  CHECK(sent[0].find(R"("ref":"7")") != std::string::npos);
  CHECK_FALSE(socket->closed);
}

TEST_CASE_FIXTURE(device_stage, "device: too many bad frames within a time end it, over a longer time they do not") {
  connect_as("ann");
  for (int i = 0; i < 5; ++i) {
    say("{");
    pass(milliseconds{6'000});
  }
  CHECK_FALSE(socket->closed);
  say("{");
  CHECK_FALSE(socket->closed);
  say("{");
  CHECK(socket->closed == close_code::protocol_abuse);
  for (const auto& frame : socket->take()) CHECK(has_code(frame, "bad_frame"));
}

TEST_CASE_FIXTURE(device_stage, "device: a binary frame is a bad frame") {
  connect_as("ann");
  device.lock()->on_frame("\x01", false);
  CHECK(has_code(socket->take().at(0), "bad_frame"));
}

TEST_CASE_FIXTURE(device_stage,
                  "device: a client that is too fast is read at the rate it may have, and loses nothing") {
  connect_as("ann");
  for (int i = 0; i < 100; ++i) say(R"({"type":"ping"})");
  // The burst, and the one frame that was read before the rate was known to be exceeded.
  CHECK(socket->take().size() == 21);
  CHECK_FALSE(socket->is_reading);
  pass(milliseconds{99});
  CHECK_FALSE(socket->is_reading);
  pass(milliseconds{1});
  CHECK(socket->is_reading);
  for (int i = 0; i < 100; ++i) say(R"({"type":"ping"})");
  CHECK(socket->take().size() == 2);
}

TEST_CASE_FIXTURE(device_stage, "device: a flood of pings ends it") {
  connect_as("ann");
  for (int i = 0; i < 20; ++i) device.lock()->on_control();
  pass(milliseconds{0});
  CHECK_FALSE(socket->closed);
  device.lock()->on_control();
  pass(milliseconds{0});
  CHECK(socket->closed == close_code::protocol_abuse);
  pass(milliseconds{501});
  CHECK(socket->dropped);
}

TEST_CASE_FIXTURE(device_stage,
                  "device: a silent client is given up after two heartbeats, a ping of any kind is a sign") {
  connect_as("ann");
  pass(milliseconds{40'000});
  device.lock()->on_control();
  pass(milliseconds{40'000});
  say(R"({"type":"ping"})");
  pass(milliseconds{50'000});
  CHECK_FALSE(socket->closed);
  pass(milliseconds{1});
  CHECK(socket->closed == close_code::heartbeat_lost);
  CHECK(socket->closed_now);
}

TEST_CASE_FIXTURE(device_stage, "device: one that lags and takes nothing is closed after a while") {
  connect_as("ann");
  link().end_replay("synced");
  socket->is_stuck = true;
  link().push(make_live(message(lunch, 1, bob)));
  run_posted();
  pass(milliseconds{0});
  pass(config.limits.lag_timeout - milliseconds{1});
  CHECK_FALSE(socket->closed);
  pass(milliseconds{1});
  CHECK(socket->closed == close_code::too_slow);
  CHECK(socket->closed_now);
}

TEST_CASE_FIXTURE(device_stage, "device: one that speaks and never reads is closed, though it does not lag") {
  connect_as("ann");
  socket->is_stuck = true;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(socket->closed);
    device.lock()->on_control();
    pass(milliseconds{25'000});
  }
  CHECK(socket->closed == close_code::too_slow);
}

TEST_CASE_FIXTURE(device_stage, "device: one that lags and reads slowly stays") {
  connect_as("ann");
  link().end_replay("synced");
  socket->is_stuck = true;
  link().push(make_live(message(lunch, 1, bob)));
  run_posted();
  for (int i = 0; i < 10; ++i) {
    pass(milliseconds{6'000});
    socket->is_stuck = false;
    device.lock()->on_written();
    pass(milliseconds{0});
    socket->is_stuck = true;
    say(R"({"type":"ping"})");
  }
  CHECK_FALSE(socket->closed);
}
