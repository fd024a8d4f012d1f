#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"
#include "tests/unit/net/device_stage.hpp"

using namespace parley;
using namespace parley::tests;
using actors::close_code;

namespace {

const auto lunch = conversation_number(1);

/// Two workers, turned by hand: the session begins on `worker`.
struct registry_stage : device_stage {
  net::io_worker other{time, milliseconds{250}};
  net::resume_ticket ticket = go_online();

  static void run(net::io_worker& one) {
    one.io().restart();
    one.io().poll();
  }

  /// A connection of ann's on `at` that wants the session.
  std::shared_ptr<played_socket> ask_for_it(net::io_worker& at) {
    auto made = std::make_shared<played_socket>();
    net::upgrade plan;
    plan.bearer = *tokens.verify(token_of("ann"));
    plan.resume = ticket;
    const auto connection =
        std::make_shared<net::device_connection>(made, std::move(plan), *addresses.enter("10.0.0.1", 0), at, edge);
    devices.push_back(connection);
    connection->start();
    connection->on_open();
    return made;
  }
};

bool is_resumed(const played_socket& socket) {
  return !socket.sent.empty() && socket.sent[0].find(R"("resumed":true)") != std::string::npos;
}

} // namespace

TEST_CASE_FIXTURE(registry_stage, "registry: a session moves to the worker of its new connection") {
  const auto newer = ask_for_it(other);
  CHECK(newer->sent.empty());
  run(worker);
  CHECK(socket->closed == close_code::replaced);
  CHECK(newer->sent.empty());
  run(other);
  CHECK(is_resumed(*newer));

  link().push(make_live(message(lunch, 1, bob)));
  run(worker);
  CHECK(newer->sent.size() == 1);
  run(other);
  CHECK(newer->sent.size() == 2);
  CHECK(socket->take().empty());
}

TEST_CASE_FIXTURE(registry_stage, "registry: what comes while it moves is not lost, and not read where it was") {
  const auto newer = ask_for_it(other);
  link().push(make_live(message(lunch, 1, bob)));
  run(worker);
  link().push(make_live(message(lunch, 2, bob)));
  run(worker);
  CHECK(newer->sent.empty());
  run(other);
  CHECK(newer->sent.size() == 3);
}

TEST_CASE_FIXTURE(registry_stage, "registry: of two that ask at once the later has it in the end") {
  const auto first = ask_for_it(other);
  const auto second = ask_for_it(worker);
  run(worker);
  run(other);
  CHECK(is_resumed(*first));
  CHECK(first->closed == close_code::replaced);
  run(worker);
  CHECK(is_resumed(*second));
  CHECK_FALSE(second->closed);
  CHECK(session.opened == 1);
  CHECK(edge.sessions.size() == 1);
}

TEST_CASE_FIXTURE(registry_stage, "registry: one that ended while somebody asked is answered by a new session") {
  const auto newer = ask_for_it(other);
  link().close(close_code::internal, "");
  edge.sessions.stop();
  device.lock()->on_gone();
  CHECK(session.closed);
  run(worker);
  run(other);
  CHECK(session.opened == 2);
}

TEST_CASE_FIXTURE(registry_stage, "registry: all sessions of a device end with a word, the others stay") {
  const auto phone = socket;
  net::upgrade plan;
  plan.bearer = *tokens.verify(token_of("ann"));
  plan.device = device_id{"tablet"};
  socket = std::make_shared<played_socket>();
  connect(std::move(plan));
  edge.sessions.end_device(ann, device_id{"default"}, close_code::device_revoked, "revoked");
  run(worker);
  CHECK(phone->closed == close_code::device_revoked);
  CHECK(phone->close_reason == "revoked");
  CHECK_FALSE(socket->closed);
  devices[0].lock()->on_gone();
  CHECK(edge.sessions.size() == 1);
}

TEST_CASE_FIXTURE(registry_stage, "registry: a session without a transport ends silently") {
  device.lock()->on_gone();
  CHECK(edge.sessions.size() == 1);
  edge.sessions.end_device(ann, device_id{"default"}, close_code::device_revoked, "revoked");
  run(worker);
  CHECK(session.closed);
  CHECK(edge.sessions.size() == 0);
}

TEST_CASE_FIXTURE(registry_stage, "registry: one that is on its way when the workers have stopped is ended") {
  const auto newer = ask_for_it(other);
  run(worker);
  CHECK_FALSE(session.closed);
  edge.sessions.stop();
  edge.sessions.end_all();
  CHECK(session.closed);
  CHECK(edge.sessions.size() == 0);
}
