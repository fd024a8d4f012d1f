#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a message is acknowledged and pushed to both") {
  ann_phone.say(send_to(bob, R"("ref":"r","text":"hi")"));
  CHECK(ann_phone.take() == lines{"push 1", "ack r 1"});
  CHECK(bob_phone.take() == lines{"push 1"});
  CHECK(log_of(theirs) == lines{R"(ann {"text":"hi"})"});

  bob_phone.say(send_in(theirs, R"("ref":"r","text":"hello")"));
  CHECK(bob_phone.take() == lines{"push 2", "ack r 2"});
  CHECK(ann_phone.take() == lines{"push 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: nothing is said before the commit") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("ref":"r","text":"hi")"));
  CHECK(ann_phone.take().empty());
  CHECK(bob_phone.take().empty());
  pass(4s);
  CHECK(ann_phone.take().empty());
  CHECK(bob_phone.take().empty());
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack r 1"});
  CHECK(bob_phone.take() == lines{"push 1"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: an acknowledgement says where and when the message is") {
  ann_phone.say(send_to(bob, fmt::format(R"("ref":"r","clientId":"{}","text":"hi")", client_number(1))));
  CHECK(ann_phone.take_answers() ==
        lines{fmt::format(R"({{"type":"ack","ref":"r","clientId":"{}","conversation":"{}","seq":1,"id":"{}:1",)"
                          R"("ts":1790000000000,"duplicate":false}})",
                          client_number(1), to_string(theirs), to_string(theirs))});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: who does not exist, or is oneself, is no peer") {
  ann_phone.say(send_to(user_id{"ghost"}, R"("ref":"1","text":"hi")"));
  ann_phone.say(send_to(ann, R"("ref":"2","text":"hi")"));
  CHECK(ann_phone.take() == lines{"error 2 invalid_argument", "error 1 not_found"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a peer that was asked for in vain leaves no trace") {
  const auto ghostly = direct_conversation(ann, user_id{"ghost"});
  ann_phone.say(send_to(user_id{"ghost"}, R"("text":"hi")"));
  CHECK(ann_phone.take() == lines{"error not_found"});
  ann_phone.say(send_in(ghostly, R"("text":"hi")"));
  ann_phone.say(fmt::format(R"({{"type":"received","conversation":"{}","seq":0}})", to_string(ghostly)));
  CHECK(ann_phone.take() == lines{"error not_found", "error not_found"});
  CHECK(log_of(ghostly).empty());
  CHECK(log().writes == 0);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: strangers are told that there is none") {
  say_hello();
  client cy_phone{*this, {cy}};
  cy_phone.take();
  cy_phone.say(send_in(theirs, R"("ref":"1","text":"hi")"));
  cy_phone.say(send_in(random_conversation(), R"("ref":"2","text":"hi")"));
  CHECK(cy_phone.take() == lines{"error 1 not_found", "error 2 not_found"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a repetition is answered with the first place, other content refused") {
  const auto retry = [](std::string_view text) {
    return send_to(bob, fmt::format(R"("clientId":"{}","text":"{}")", client_number(1), text));
  };
  ann_phone.say(retry("hi"));
  ann_phone.take();
  ann_phone.say(send_to(bob, R"("text":"in between")"));
  ann_phone.say(retry("hi"));
  ann_phone.say(retry("hello"));
  CHECK(ann_phone.take() == lines{"push 2", "ack 2", "ack 1 again", "error client_id_conflict"});
  CHECK(bob_phone.take() == lines{"push 1", "push 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: repetitions that queue behind their first are all answered") {
  // The queue must not stop at the second of two that are known already.
  hold_lane();
  for (int i = 0; i < 4; ++i)
    ann_phone.say(send_to(bob, fmt::format(R"("clientId":"{}","text":"hi")", client_number(1))));
  ann_phone.say(send_to(bob, R"("text":"bye")"));
  run();
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack 1", "ack 1 again", "ack 1 again", "ack 1 again", "push 2", "ack 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: the same client id of two authors is written at once") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("text":"first")"));
  run();
  ann_phone.say(send_to(bob, fmt::format(R"("clientId":"{}","text":"a")", client_number(1))));
  run();
  bob_phone.say(send_to(ann, fmt::format(R"("clientId":"{}","text":"b")", client_number(1))));
  run();
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack 1", "push 2", "ack 2", "push 3"});
  CHECK(log_of(theirs).size() == 3);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: pipelined requests of one session keep their order") {
  lines expected;
  for (int i = 1; i <= 20; ++i) {
    ann_phone.say(send_to(bob, fmt::format(R"("ref":"{}","text":"{}")", i, i)));
    expected.push_back(fmt::format(R"(ann {{"text":"{}"}})", i));
  }
  run();
  CHECK(log_of(theirs) == expected);
  const auto answers = ann_phone.take_answers();
  REQUIRE(answers.size() == 20);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(answers[i].starts_with(fmt::format(R"({{"type":"ack","ref":"{}",)", i + 1)));
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a request that has to be looked up keeps its place") {
  say_hello();
  ann_phone.say(send_to(bob, R"("text":"1")"));
  ann_phone.say(send_to(bob, R"("text":"2","replyTo":1)"));
  ann_phone.say(send_to(bob, R"("text":"3")"));
  ann_phone.say(send_to(bob, R"("ref":"bad","text":"x","replyTo":99)"));
  ann_phone.say(send_to(bob, R"("text":"4","replyTo":2)"));
  const auto heard = ann_phone.take();
  CHECK(std::count(heard.begin(), heard.end(), "error bad invalid_argument") == 1);
  CHECK(log_of(theirs) == lines{R"(ann {"text":"hello"})", R"(ann {"text":"1"})", R"(ann {"text":"2","replyTo":1})",
                                R"(ann {"text":"3"})", R"(ann {"text":"4","replyTo":2})"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: what arrives during a commit is the next one") {
  hold_lane();
  for (int i = 0; i < 10; ++i) {
    ann_phone.say(send_to(bob, R"("text":"hi")"));
    run();
  }
  hold_lane(false);
  run();
  CHECK(log().writes == 2);
  CHECK(log_of(theirs).size() == 10);
}

TEST_CASE("conversation: a queue that is full refuses at once") {
  settings config;
  config.limits.conversation_queue = 3;
  ann_and_bob chat{config};
  chat.hold_lane();
  for (int i = 1; i <= 5; ++i) {
    chat.ann_phone.say(send_to(bob, fmt::format(R"("ref":"{}","text":"hi")", i)));
    chat.run();
  }
  CHECK(chat.ann_phone.take() == lines{"error 4 overloaded", "error 5 overloaded"});
  CHECK(chat.ann_phone.take_answers().front().find(R"("retryAfterMs":200)") != std::string::npos);
  chat.hold_lane(false);
  chat.ann_phone.take();
  CHECK(chat.log_of(chat.theirs).size() == 3);
}

TEST_CASE("conversation: a lane that is full refuses at once") {
  settings config;
  config.limits.lane_queue = 2;
  ann_and_bob chat{config};
  chat.hold_lane();
  chat.ann_phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  chat.ann_phone.say(send_to(cy, R"("ref":"2","text":"hi")"));
  chat.run();
  chat.ann_phone.say(send_to(dan, R"("ref":"3","text":"hi")"));
  CHECK(chat.ann_phone.take() == lines{"error 3 overloaded"});
  chat.hold_lane(false);
  chat.ann_phone.take();
  chat.ann_phone.say(send_to(dan, R"("ref":"4","text":"hi")"));
  CHECK(chat.ann_phone.take() == lines{"push 1", "ack 4 1"});
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a request that waited for five seconds is not written any more") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  run();
  ann_phone.say(send_to(bob, R"("ref":"2","text":"hi")"));
  pass(4s);
  ann_phone.say(send_to(bob, R"("ref":"3","text":"hi")"));
  pass(2s);
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack 1 1", "error 2 timeout", "push 2", "ack 3 2"});
  CHECK(log_of(theirs).size() == 2);
}

TEST_CASE_FIXTURE(ann_and_bob, "conversation: a session that waits for too long tells its client so") {
  hold_lane();
  ann_phone.say(send_to(bob, fmt::format(R"("ref":"1","clientId":"{}","text":"hi")", client_number(1))));
  pass(11s);
  CHECK(ann_phone.take() == lines{"error 1 timeout"});
  hold_lane(false);
  // A timeout never means "not done".
  CHECK(ann_phone.take() == lines{"push 1"});
  ann_phone.say(send_to(bob, fmt::format(R"("ref":"2","clientId":"{}","text":"hi")", client_number(1))));
  CHECK(ann_phone.take() == lines{"ack 2 1 again"});
}

} // namespace parley::tests
