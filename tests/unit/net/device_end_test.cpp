#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"
#include "tests/unit/net/device_stage.hpp"

using namespace parley;
using namespace parley::tests;
using actors::close_code;

namespace {

using frames = std::vector<std::string>;

} // namespace

TEST_CASE_FIXTURE(device_stage, "device: when the transport is gone the session is told, and everything is let go") {
  connect_as("ann");
  CHECK(addresses.count("10.0.0.1") == 1);
  CHECK(worker.watched() == 1);
  device.lock()->on_gone();
  CHECK(session.closed);
  CHECK(socket->dropped);
  CHECK(worker.watched() == 0);
  CHECK(device.expired());
  CHECK(addresses.count("10.0.0.1") == 0);
}

TEST_CASE_FIXTURE(device_stage, "device: an actor that still holds the link does not keep the connection") {
  connect_as("ann");
  const auto held = session.opening->link;
  held->reply("under way");
  device.lock()->on_gone();
  CHECK(device.expired());
  held->push(make_live(message(conversation_number(1), 1, bob)));
  held->reply("late");
  held->close(close_code::internal, "late");
  run_posted();
  CHECK(socket->take().empty());
}

TEST_CASE_FIXTURE(device_stage, "device: a session may close it, and what was said before still goes out") {
  connect_as("ann");
  link().reply("first");
  link().close(close_code::too_many_connections, "too many");
  run_posted();
  CHECK(socket->take() == frames{"first"});
  CHECK(socket->closed == close_code::too_many_connections);
  CHECK_FALSE(socket->closed_now);
  CHECK_FALSE(session.closed);
  device.lock()->on_gone();
  CHECK(session.closed);
}

TEST_CASE_FIXTURE(device_stage, "device: it is closed once, the first reason stands") {
  connect_as("ann");
  link().close(close_code::internal, "first");
  link().close(close_code::overload, "second");
  run_posted();
  device.lock()->say_goodbye(milliseconds{10});
  CHECK(socket->closed == close_code::internal);
  CHECK(socket->close_reason == "first");
  CHECK(socket->take().empty());
}

TEST_CASE_FIXTURE(device_stage, "device: what a client says while it is closed is not heard") {
  connect_as("ann");
  link().close(close_code::internal, "");
  run_posted();
  say(R"({"type":"conversations"})");
  say(R"({"type":"ping"})");
  CHECK(session.requests.empty());
  CHECK(socket->take().empty());
}

TEST_CASE_FIXTURE(device_stage, "device: a close that the client does not answer ends after a while") {
  connect_as("ann");
  link().close(close_code::internal, "");
  run_posted();
  pass(milliseconds{5'000});
  CHECK_FALSE(socket->dropped);
  pass(milliseconds{1});
  CHECK(socket->dropped);
  CHECK(session.closed);
  CHECK(device.expired());
}

TEST_CASE_FIXTURE(device_stage, "device: when the node goes the client is told when to come back") {
  connect_as("ann");
  device.lock()->say_goodbye(milliseconds{1'234});
  CHECK(socket->take() == frames{R"({"type":"bye","reason":"drain","afterMs":1234})"});
  CHECK(socket->closed == close_code::drain);
}

TEST_CASE_FIXTURE(device_stage, "device: one that has not opened yet is not closed, it just goes") {
  auto made =
      std::make_shared<net::device_connection>(socket, net::upgrade{}, *addresses.enter("10.0.0.1", 0), worker, edge);
  made->start();
  made->say_goodbye(milliseconds{10});
  CHECK_FALSE(socket->closed);
  CHECK(socket->dropped);
  CHECK(worker.watched() == 0);
}

TEST_CASE_FIXTURE(device_stage, "device: an end that is told twice happens once") {
  connect_as("ann");
  const auto held = device.lock();
  held->end();
  held->end();
  held->on_gone();
  held->tick(time.steady());
  CHECK(worker.watched() == 0);
}
