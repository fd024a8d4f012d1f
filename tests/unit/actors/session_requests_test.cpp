#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

settings with_rate(rate_limit limit) {
  settings config;
  config.limits.send = config.limits.create = config.limits.history = limit;
  return config;
}

std::string in(std::string_view type, const conversation_id& id, std::string_view rest = {}) {
  return fmt::format(R"({{"type":"{}","conversation":"{}"{}}})", type, to_string(id), rest);
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace

TEST_CASE("session: who sends too fast is told when to go on") {
  ann_and_bob chat{with_rate({.per_second = 10, .burst = 2})};
  for (int i = 1; i <= 3; ++i) chat.ann_phone.say(send_to(bob, fmt::format(R"("ref":"{}","text":"hi")", i)));
  chat.run();
  const auto answers = chat.ann_phone.take_answers();
  REQUIRE(answers.size() == 3);
  CHECK(contains(answers[0], R"("ref":"3","code":"rate_limited")"));
  CHECK(contains(answers[0], R"("retry":"later","retryAfterMs":100)"));
  chat.pass(100ms);
  chat.ann_phone.take();
  chat.ann_phone.say(send_to(bob, R"("ref":"4","text":"hi")"));
  CHECK(chat.ann_phone.take() == lines{"push 3", "ack 4 3"});
}

TEST_CASE("session: repetitions are free") {
  ann_and_bob chat{with_rate({.per_second = 1, .burst = 2})};
  const auto repeat = send_to(bob, fmt::format(R"("clientId":"{}","text":"hi")", client_number(1)));
  for (int i = 0; i < 10; ++i) {
    chat.ann_phone.say(repeat);
    chat.run();
  }
  chat.ann_phone.take();
  chat.ann_phone.say(send_to(bob, R"("text":"hello")"));
  CHECK(chat.ann_phone.take() == lines{"push 2", "ack 2"});
  // Nothing is left, and a repetition is answered all the same; a new message is not written.
  chat.ann_phone.say(send_to(bob, fmt::format(R"("clientId":"{}","text":"new")", client_number(2))));
  chat.ann_phone.say(repeat);
  CHECK(chat.ann_phone.take() == lines{"error rate_limited", "ack 1 again"});
}

TEST_CASE("session: creating and reading have rates of their own") {
  ann_and_bob chat{with_rate({.per_second = 1, .burst = 1})};
  for (int i = 0; i < 2; ++i) {
    chat.ann_phone.say(R"({"type":"create","members":[]})");
    chat.ann_phone.say(in("history", chat.theirs));
  }
  chat.ann_phone.say(send_to(bob, R"("text":"hello")"));
  const auto heard = chat.ann_phone.take();
  CHECK(std::ranges::count(heard, "error rate_limited") == 2);
  CHECK(std::ranges::count(heard, "conversation") == 1);
  CHECK(std::ranges::count(heard, "error not_found") == 1);
  CHECK(std::ranges::count(heard, "ack 1") == 1);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a group is created, and its members hear of it") {
  ann_phone.say(R"({"type":"create","ref":"c","title":"Lunch","members":["bob","bob"]})");
  run();
  const auto answer = ann_phone.take_answers().front();
  CHECK(contains(answer, R"({"type":"conversation","ref":"c",)"));
  CHECK(contains(answer, R"("kind":"group","title":"Lunch","members":2,"role":"owner","head":1)"));
  CHECK(ann_phone.take() == lines{"push 1", "conversation c"});
  CHECK(bob_phone.take() == lines{"push 1"});

  ann_phone.say(R"({"type":"create","ref":"d","members":["ghost"]})");
  CHECK(ann_phone.take() == lines{"error d not_found"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a create that is repeated makes one group") {
  const auto create = [](int number, std::string_view title) {
    return fmt::format(R"({{"type":"create","clientId":"{}","title":"{}","members":["bob"]}})", client_number(number),
                       title);
  };
  ann_phone.say(create(1, "Lunch"));
  ann_phone.say(create(1, "Lunch"));
  run();
  const auto answers = ann_phone.take_answers();
  REQUIRE(answers.size() == 2);
  CHECK(answers[0] == answers[1]);
  ann_phone.say(create(1, "Dinner"));
  ann_phone.say(create(2, "Lunch"));
  bob_phone.say(create(1, "Lunch"));
  run();
  CHECK(contains(ann_phone.take_answers().front(), "client_id_conflict"));
  // The name space of client ids is the user's.
  CHECK(log().real().list(ann, std::nullopt, 10).value().size() == 2);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: history says whether its reader has seen the end of the log") {
  say_hello(5);
  bob_phone.say(in("history", theirs, R"(,"ref":"1","after":2)"));
  CHECK(bob_phone.take() == lines{"history 1 up to 5"});
  CHECK(contains(bob_phone.take_answers().front(), R"("head":5,"more":false)"));
  bob_phone.say(in("history", theirs, R"(,"ref":"2","after":0,"limit":2)"));
  run();
  bob_phone.say(in("history", theirs, R"(,"ref":"3","before":3)"));
  run();
  bob_phone.say(in("history", random_conversation(), R"(,"ref":"4")"));
  CHECK(bob_phone.take() == lines{"history 2", "history 3", "error 4 not_found"});
  const auto answers = bob_phone.take_answers();
  CHECK(contains(answers[0], R"("head":5,"more":true)"));
  CHECK(contains(answers[1], R"("head":5,"more":false)"));
}

TEST_CASE_FIXTURE(ann_and_bob, "session: history shows a member that left what it was there for") {
  const auto lunch = random_conversation();
  conversation_write write{.conversation = lunch};
  for (seq_no seq = 1; seq <= 9; ++seq)
    write.entries.push_back({.conversation = lunch, .seq = seq, .author = ann, .body = R"({"text":"x"})"});
  write.record = conversation_record{.id = lunch, .history = history_policy::joined};
  write.members = {{.user = ann, .role = role::owner, .joined = 1}, {.user = bob, .joined = 3, .left = 6}};
  REQUIRE(log().real().write({&write, 1}).front());
  bob_phone.say(in("history", lunch));
  run();
  const auto answer = bob_phone.take_answers().front();
  CHECK(contains(answer, R"("items":[{"type":"message","conversation":")" + to_string(lunch) + R"(","seq":3,)"));
  CHECK(contains(answer, R"("head":6,"more":false)"));
  bob_phone.say(in("members", lunch));
  bob_phone.say(in("conversation", lunch));
  bob_phone.say(in("received", lunch, R"(,"seq":6)"));
  bob_phone.say(in("received", lunch, R"(,"seq":7)"));
  bob_phone.say(send_in(lunch, R"("text":"still here?")"));
  const auto heard = bob_phone.take();
  CHECK(std::ranges::count(heard, "error not_found") == 3);
  CHECK(std::ranges::count(heard, "error invalid_argument") == 1);
  CHECK(std::ranges::count(heard, "done") == 1);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: lists come in pages") {
  say_hello();
  ann_phone.say(send_to(cy, R"("text":"hi")"));
  pass(10ms);
  ann_phone.say(send_to(dan, R"("text":"hi")"));
  run();
  ann_phone.take_answers();
  std::string next;
  lines peers;
  for (int page = 0; page < 3; ++page) {
    ann_phone.say(fmt::format(R"({{"type":"conversations","limit":1{}}})",
                              next.empty() ? "" : fmt::format(R"(,"after":"{}")", next)));
    const auto answer = ann_phone.take_answers().front();
    const auto peer = answer.find(R"("peer":")") + 8;
    peers.push_back(answer.substr(peer, answer.find('"', peer) - peer));
    const auto at = answer.find(R"("next":")");
    next = at == std::string::npos ? "" : answer.substr(at + 8, answer.size() - at - 10);
  }
  CHECK(peers.front() == "dan");
  CHECK(std::set<std::string>{peers.begin(), peers.end()} == std::set<std::string>{"bob", "cy", "dan"});
  CHECK(next.empty());

  ann_phone.say(in("members", theirs, R"(,"limit":1)"));
  CHECK(contains(ann_phone.take_answers().front(), R"("items":[{"user":"ann")"));
  ann_phone.say(in("members", theirs, R"(,"after":"ann","limit":1)"));
  const auto last = ann_phone.take_answers().front();
  CHECK(contains(last, R"("items":[{"user":"bob")"));
  CHECK_FALSE(contains(last, "next"));
}

TEST_CASE_FIXTURE(ann_and_bob, "session: every request has exactly one answer, the log up or down") {
  say_hello();
  for (const auto down : {false, true}) {
    log().is_down = down;
    const lines requests{
        send_to(bob, R"("text":"hi")"),
        send_in(theirs, R"("text":"hi","replyTo":1)"),
        send_to(cy, fmt::format(R"("text":"hi","clientId":"{}")", client_number(1))),
        R"({"type":"create","members":["bob"]})",
        R"({"type":"conversations"})",
        in("conversation", theirs),
        in("members", theirs),
        in("history", theirs),
        in("received", theirs, R"(,"seq":1)"),
        in("read", theirs, R"(,"seq":1,"ref":"r")"),
        R"({"type":"read","positions":[]})",
        R"({"type":"ping"})",
        R"({"type":"auth","token":"x"})",
    };
    for (const auto& request : requests) ann_phone.say(request);
    pass(15s);
    CHECK(ann_phone.take_answers().size() == requests.size());
  }
}

} // namespace parley::tests
