#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

/// A message that somebody else writes at the head of `log`: another node that owns the conversation too.
void write_as_rival(log_store& log, const conversation_id& to, const user_id& author,
                    const std::optional<client_id>& client = std::nullopt, fingerprint print = {}) {
  entry item{.conversation = to, .seq = 1, .author = author, .client = client, .body = R"({"text":"rival"})"};
  item.seq = log.load(to).value()->head + 1;
  item.print = print;
  const conversation_write write{.conversation = to, .entries = {item}};
  REQUIRE(std::holds_alternative<committed>(log.write({&write, 1}).front().value()));
}

std::string message(int number) {
  return fmt::format(R"("ref":"{}","clientId":"{}","text":"{}")", number, client_number(number), number);
}

std::string position(std::string_view type, const conversation_id& id, seq_no seq) {
  return fmt::format(R"({{"type":"{}","conversation":"{}","seq":{}}})", type, to_string(id), seq);
}

} // namespace

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a failed commit fails every message in it, and the next one works") {
  say_hello();
  hold_lane();
  for (int i = 1; i <= 3; ++i) {
    ann_phone.say(send_to(bob, message(i)));
    run();
  }
  log().is_down = true;
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"error 1 unavailable", "error 2 unavailable", "error 3 unavailable"});
  log().is_down = false;
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"push 2", "ack 1 2"});
  CHECK(bob_phone.take() == lines{"push 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a collision is read again and the message takes the next place") {
  say_hello();
  log().before_write = [this](log_store& real) { write_as_rival(real, theirs, bob); };
  ann_phone.say(send_to(bob, message(1)));
  // What the other wrote reaches everybody too, in its place.
  CHECK(ann_phone.take() == lines{"push 2", "push 3", "ack 1 3"});
  CHECK(bob_phone.take() == lines{"push 2", "push 3"});
  CHECK(log_of(theirs) == lines{R"(ann {"text":"hello"})", R"(bob {"text":"rival"})", R"(ann {"text":"1"})"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a batch that collides is written whole and in order") {
  say_hello();
  hold_lane();
  ann_phone.say(send_to(bob, message(1)));
  run();
  for (int i = 2; i <= 4; ++i) ann_phone.say(send_to(bob, message(i)));
  run();
  log().before_write = [this](log_store& real) { write_as_rival(real, theirs, bob); };
  hold_lane(false);
  CHECK(bob_phone.take() == lines{"push 2", "push 3", "push 4", "push 5", "push 6"});
  CHECK(log_of(theirs) == lines{R"(ann {"text":"hello"})", R"(bob {"text":"rival"})", R"(ann {"text":"1"})",
                                R"(ann {"text":"2"})", R"(ann {"text":"3"})", R"(ann {"text":"4"})"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: the first message of two writers collides as well") {
  log().before_write = [this](log_store& real) {
    conversation_state state{theirs};
    state.become_direct(bob, ann, from_millis(0));
    entry item{.conversation = theirs, .seq = 1, .author = bob, .body = R"({"text":"rival"})"};
    conversation_write write{.conversation = theirs, .entries = {item}};
    write.record = state.record();
    write.members = state.members();
    REQUIRE(std::holds_alternative<committed>(real.write({&write, 1}).front().value()));
  };
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"push 1", "push 2", "ack 1 2"});
  CHECK(bob_phone.take() == lines{"push 1", "push 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a repetition that only the log remembers is answered, not written") {
  ann_phone.say(send_to(bob, message(1)));
  ann_phone.take();
  bob_phone.take();
  // The conversation ends and begins again: its memory is gone.
  pass(241s);
  CHECK(actors_running() == 0);
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"ack 1 1 again"});
  ann_phone.say(send_to(bob, fmt::format(R"("ref":"x","clientId":"{}","text":"other")", client_number(1))));
  CHECK(ann_phone.take() == lines{"error x client_id_conflict"});
  CHECK(bob_phone.take().empty());
  CHECK(log_of(theirs).size() == 1);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a repetition does not hold up what was sent with it") {
  ann_phone.say(send_to(bob, message(2)));
  run();
  pass(241s);
  ann_phone.take();
  bob_phone.take();
  hold_readers();
  for (int i = 1; i <= 3; ++i) ann_phone.say(send_to(bob, message(i)));
  run();
  hold_readers(false);
  CHECK(ann_phone.take() == lines{"ack 2 1 again", "push 2", "push 3", "ack 1 2", "ack 3 3"});
  CHECK(bob_phone.take() == lines{"push 2", "push 3"});
}

TEST_CASE_FIXTURE(ann_and_bob,
                  "conversation: a commit whose answer is lost is found again, and everybody hears of it") {
  say_hello();
  log().loses_next_answer = true;
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"error 1 unavailable", "push 2"});
  CHECK(bob_phone.take() == lines{"push 2"});
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"ack 1 2 again"});
  CHECK(bob_phone.take().empty());
  CHECK(log_of(theirs).size() == 2);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a founding whose answer is lost is found again too") {
  log().loses_next_answer = true;
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"error 1 unavailable", "push 1"});
  CHECK(bob_phone.take() == lines{"push 1"});
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"ack 1 1 again"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a commit that an outage hides reaches everybody soon after it, unasked") {
  say_hello();
  log().loses_next_answer = true;
  ann_phone.say(send_to(bob, message(1)));
  while (log().loses_next_answer && turn()) {
  }
  log().is_down = true;
  CHECK(ann_phone.take() == lines{"error 1 unavailable"});
  pass(60s);
  CHECK(log().loads < 30);
  CHECK(bob_phone.take().empty());
  log().is_down = false;
  pass(5s);
  CHECK(bob_phone.take() == lines{"push 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: positions that others know do not fall when the log is read again") {
  say_hello(3);
  bob_phone.say(position("read", theirs, 3));
  run();
  CHECK(ann_phone.take() == lines{"receipt bob read 3"});
  log().is_down = true;
  ann_phone.say(send_to(bob, message(1)));
  run();
  log().is_down = false;
  bob_phone.say(position("read", theirs, 2));
  ann_phone.take();
  pass(2s);
  CHECK(ann_phone.take().empty());
  CHECK(log().real().find_access(theirs, bob).value()->self.read == 3);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a log that cannot be read refuses everybody, and is asked again") {
  log().is_down = true;
  ann_phone.say(send_to(bob, message(1)));
  bob_phone.say(position("received", theirs, 1));
  CHECK(ann_phone.take() == lines{"error 1 unavailable"});
  CHECK(bob_phone.take() == lines{"error unavailable"});
  log().is_down = false;
  ann_phone.say(send_to(bob, message(1)));
  CHECK(ann_phone.take() == lines{"push 1", "ack 1 1"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a question that the log cannot answer fails its request only") {
  say_hello();
  ann_phone.say(send_to(bob, R"("ref":"1","text":"a")"));
  ann_phone.say(send_to(bob, R"("ref":"2","text":"b","replyTo":1)"));
  ann_phone.say(send_to(bob, R"("ref":"3","text":"c")"));
  hold_readers();
  run();
  log().is_down = true;
  hold_readers(false);
  while (log().reads == 0 && turn()) {
  }
  log().is_down = false;
  CHECK(ann_phone.take() == lines{"push 2", "ack 1 2", "error 2 unavailable", "push 3", "ack 3 3"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: positions survive an outage without anybody asking for them") {
  say_hello(3);
  log().is_down = true;
  bob_phone.say(position("read", theirs, 3));
  ann_phone.say(send_to(bob, message(1)));
  run();
  pass(10s);
  // The database is asked now and then, not all the time.
  CHECK(log().writes < 30);
  CHECK(log().loads < 30);
  log().is_down = false;
  pass(1s);
  const auto bob_now = log().real().find_access(theirs, bob).value()->self;
  CHECK(bob_now.read == 3);
  CHECK(bob_now.delivered == 3);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: receipts that were owed during an outage are pushed after it") {
  say_hello(3);
  bob_phone.say(position("received", theirs, 1));
  run();
  bob_phone.say(position("received", theirs, 2));
  run();
  ann_phone.take();
  log().is_down = true;
  ann_phone.say(send_to(bob, message(1)));
  pass(5s);
  ann_phone.take();
  log().is_down = false;
  pass(2s);
  CHECK(ann_phone.take() == lines{"receipt bob delivered 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: an outage does not keep the node from ending") {
  say_hello(3);
  bob_phone.say(position("read", theirs, 3));
  run();
  log().is_down = true;
  ann_phone.leave();
  bob_phone.leave();
  wind_up();
  CHECK(actors_running() == 0);
}

} // namespace parley::tests
