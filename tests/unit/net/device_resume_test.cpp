#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"
#include "tests/unit/net/device_stage.hpp"

using namespace parley;
using namespace parley::tests;
using actors::close_code;

namespace {

using frames = std::vector<std::string>;
const auto lunch = conversation_number(1);

bool is_welcome(const std::string& frame, bool resumed) {
  return frame.starts_with(R"({"type":"welcome",)") &&
         frame.find(resumed ? R"("resumed":true)" : R"("resumed":false)") != std::string::npos;
}

struct resume_stage : device_stage {
  void push(seq_no seq) {
    link().push(make_live(message(lunch, seq, bob)));
    run_posted();
  }
  /// The transport breaks off.
  void cut() { device.lock()->on_gone(); }
  [[nodiscard]] std::size_t sessions() const { return edge.sessions.size(); }
};

} // namespace

TEST_CASE_FIXTURE(resume_stage, "resume: a session whose transport is gone waits for the next, which goes on") {
  auto ticket = go_online();
  push(1);
  ticket.s = 1;
  cut();
  CHECK(device.expired());
  CHECK_FALSE(session.closed);
  CHECK(session.detached == 1);
  push(2);
  come_back(ticket);
  CHECK(session.opened == 1);
  CHECK(session.attached == 1);
  const auto sent = socket->take();
  REQUIRE(sent.size() == 2);
  CHECK(is_welcome(sent[0], true));
  CHECK(sent[0].find(ticket.session) != std::string::npos);
  CHECK(sent[0].find(ticket.key) != std::string::npos);
  CHECK(sent[1].ends_with(R"(,"s":2})"));
  push(3);
  CHECK(socket->take().size() == 1);
  CHECK(socket->is_reading);
}

TEST_CASE_FIXTURE(resume_stage, "resume: nobody came in time, and the session is over") {
  const auto ticket = go_online();
  cut();
  pass(config.session.resume - milliseconds{1});
  CHECK_FALSE(session.closed);
  pass(milliseconds{1});
  CHECK(session.closed);
  CHECK(sessions() == 0);
  CHECK(worker.watched() == 0);
  come_back(ticket);
  CHECK(session.opened == 2);
}

TEST_CASE_FIXTURE(resume_stage, "resume: with a window of nothing a session ends with its transport") {
  config.session.resume = milliseconds{0};
  go_online();
  cut();
  CHECK(session.closed);
}

TEST_CASE_FIXTURE(resume_stage, "resume: a newer connection takes the session, and the older is told") {
  auto ticket = go_online();
  const auto older = socket;
  const auto older_device = device.lock();
  push(1);
  come_back(ticket);
  CHECK(older->closed == close_code::replaced);
  REQUIRE(socket->sent.size() == 2);
  CHECK(is_welcome(socket->sent[0], true));
  CHECK(session.detached == 0);
  CHECK(session.attached == 1);
  older_device->on_gone();
  CHECK_FALSE(session.closed);
  push(2);
  CHECK(socket->take().size() == 3);
  CHECK(older->take().size() == 1);
}

TEST_CASE_FIXTURE(resume_stage, "resume: a wrong key begins a new session, and leaves the other alone") {
  auto ticket = go_online();
  const auto older = socket;
  ticket.key.back() = ticket.key.back() == '0' ? '1' : '0';
  come_back(ticket);
  CHECK(session.opened == 2);
  CHECK_FALSE(older->closed);
  ticket.key.pop_back();
  come_back(ticket);
  CHECK(session.opened == 3);
  CHECK_FALSE(older->closed);
}

TEST_CASE_FIXTURE(resume_stage, "resume: another user or device begins a new session") {
  const auto ticket = go_online();
  const auto older = socket;
  net::upgrade plan;
  plan.resume = ticket;
  plan.bearer = *tokens.verify(token_of("bob"));
  connect(plan);
  run_posted();
  CHECK(session.opened == 2);
  plan.bearer = *tokens.verify(token_of("ann"));
  plan.device = device_id{"phone"};
  connect(plan);
  run_posted();
  CHECK(session.opened == 3);
  CHECK_FALSE(older->closed);
}

TEST_CASE_FIXTURE(resume_stage, "resume: the owner who cannot go on begins a new session, and the old one ends") {
  auto ticket = go_online();
  const auto older = socket;
  ticket.s = 1;
  come_back(ticket);
  CHECK(session.opened == 2);
  CHECK(session.closed);
  CHECK(older->closed == close_code::replaced);
  CHECK(sessions() == 1);
}

TEST_CASE_FIXTURE(resume_stage, "resume: with the token in the first frame it is acknowledged behind the welcome") {
  const auto ticket = go_online();
  cut();
  socket = std::make_shared<played_socket>();
  connect({.resume = ticket});
  say(R"({"type":"auth","ref":"1","token":")" + token_of("ann") + "\"}");
  CHECK_FALSE(socket->is_reading);
  run_posted();
  const auto sent = socket->take();
  REQUIRE(sent.size() == 2);
  CHECK(is_welcome(sent[0], true));
  CHECK(sent[1] == R"({"type":"ack","ref":"1"})");
  CHECK(socket->is_reading);
}

TEST_CASE_FIXTURE(resume_stage, "resume: answers to the requests of the old transport are not heard on the new one") {
  const auto ticket = go_online();
  say(R"({"type":"conversations","ref":"1"})");
  say(R"({"type":"conversations","ref":"2"})");
  cut();
  link().reply("late 1");
  run_posted();
  come_back(ticket);
  CHECK(is_welcome(socket->take().at(0), true));
  // Nothing is asked while answers may come that look like its own.
  CHECK_FALSE(socket->is_reading);
  link().reply("late 2");
  run_posted();
  CHECK(socket->take().empty());
  CHECK(socket->is_reading);
  say(R"({"type":"conversations","ref":"1"})");
  link().reply("answer");
  run_posted();
  CHECK(socket->take() == frames{"answer"});
}

TEST_CASE_FIXTURE(resume_stage, "resume: after a close that forbids it the session is over") {
  go_online();
  for (int i = 0; i < 3; ++i) say("{");
  CHECK(socket->closed == close_code::protocol_abuse);
  cut();
  CHECK(session.closed);
}

TEST_CASE_FIXTURE(resume_stage, "resume: after a close that allows it the session waits") {
  const auto ticket = go_online();
  pass(2 * config.session.heartbeat + milliseconds{1});
  CHECK(socket->closed == close_code::heartbeat_lost);
  cut();
  CHECK_FALSE(session.closed);
  come_back(ticket);
  CHECK(is_welcome(socket->take().at(0), true));
}

TEST_CASE_FIXTURE(resume_stage, "resume: a session that its actor closes is over, with a transport or without") {
  go_online();
  link().close(close_code::internal, "");
  run_posted();
  cut();
  CHECK(session.closed);

  session.closed = false;
  go_online();
  cut();
  CHECK_FALSE(session.closed);
  link().close(close_code::internal, "");
  run_posted();
  CHECK(session.closed);
  CHECK(sessions() == 0);
}

TEST_CASE_FIXTURE(resume_stage, "resume: when too much is pushed without a transport the session ends at once") {
  go_online();
  cut();
  for (seq_no seq = 1; seq <= 513; ++seq) push(seq);
  CHECK(session.closed);
  CHECK(worker.watched() == 0);
}

TEST_CASE_FIXTURE(resume_stage, "resume: when the node goes nothing waits any more") {
  go_online();
  cut();
  worker.say_goodbye(milliseconds{1});
  CHECK(session.closed);

  session.closed = false;
  go_online();
  edge.sessions.stop();
  cut();
  CHECK(session.closed);
}

TEST_CASE_FIXTURE(resume_stage, "resume: who is gone before it got its session leaves it waiting") {
  const auto ticket = go_online();
  socket = std::make_shared<played_socket>();
  net::upgrade plan;
  plan.bearer = *tokens.verify(token_of("ann"));
  plan.resume = ticket;
  connect(std::move(plan));
  cut();
  run_posted();
  CHECK_FALSE(session.closed);
  CHECK(session.detached == 1);
  come_back(ticket);
  CHECK(is_welcome(socket->take().at(0), true));
}
