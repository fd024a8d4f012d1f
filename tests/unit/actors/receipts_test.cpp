#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

std::string position(std::string_view type, const conversation_id& id, seq_no seq, std::string_view rest = {}) {
  return fmt::format(R"({{"type":"{}","conversation":"{}","seq":{}{}}})", type, to_string(id), seq, rest);
}

struct three_messages : ann_and_bob {
  three_messages() { say_hello(3); }

  void bob_says(std::string_view frame) {
    bob_phone.say(frame);
    bob_phone.take();
  }
};

/// Ann, bob and cy in a group in which each has written one message, in this order, behind the founding entry.
struct lunch_group : ann_and_bob {
  lunch_group() {
    ann_phone.say(R"({"type":"create","title":"Lunch","members":["bob","cy"]})");
    const auto answer = ann_phone.take_answers().front();
    lunch = *parse_conversation_id(answer.substr(answer.find(R"("conversation":")") + 16, 36));
    for (auto* who : {&ann_phone, &bob_phone, &cy_phone}) {
      who->say(send_in(lunch, R"("text":"hi")"));
      run();
    }
    pass(1s);
    forget();
  }

  void forget() {
    for (auto* who : {&ann_phone, &bob_phone, &cy_phone}) who->take();
  }

  client cy_phone{*this, {cy}};
  conversation_id lunch;
};

} // namespace

TEST_CASE_FIXTURE(three_messages, "receipts: the other member is told what was delivered and read") {
  bob_says(position("received", theirs, 2));
  CHECK(ann_phone.take() == lines{"receipt bob delivered 2"});
  pass(1s);
  bob_says(position("read", theirs, 3));
  CHECK(ann_phone.take() == lines{"receipt bob read 3"});
}

TEST_CASE_FIXTURE(three_messages, "receipts: they are throttled, and the last position wins") {
  bob_says(position("received", theirs, 1));
  CHECK(ann_phone.take() == lines{"receipt bob delivered 1"});
  bob_says(position("received", theirs, 2));
  bob_says(position("received", theirs, 3));
  bob_says(position("read", theirs, 2));
  pass(490ms);
  CHECK(ann_phone.take().empty());
  pass(20ms);
  CHECK(ann_phone.take() == lines{"receipt bob read 2", "receipt bob delivered 3"});
  pass(5s);
  CHECK(ann_phone.take().empty());
}

TEST_CASE_FIXTURE(three_messages, "receipts: a position that does not move says nothing") {
  bob_says(position("read", theirs, 3));
  ann_phone.take();
  pass(1s);
  bob_says(position("read", theirs, 3));
  bob_says(position("received", theirs, 2));
  pass(1s);
  CHECK(ann_phone.take().empty());
}

TEST_CASE_FIXTURE(three_messages, "receipts: sending pushes none") {
  bob_says(send_to(ann, R"("text":"hi")"));
  pass(1s);
  CHECK(ann_phone.take() == lines{"push 4"});
}

TEST_CASE_FIXTURE(three_messages,
                  "receipts: the user's other devices learn what was read, the one that read it knows") {
  client bob_tablet{*this, {bob, "tablet"}};
  bob_tablet.take();
  bob_phone.say(position("read", theirs, 2));
  CHECK(bob_phone.take() == lines{"done"});
  CHECK(bob_tablet.take() == lines{"receipt bob read 2"});
  pass(1s);
  bob_tablet.say(position("received", theirs, 3));
  CHECK(bob_tablet.take() == lines{"done"});
  pass(1s);
  CHECK(bob_phone.take().empty());
}

TEST_CASE_FIXTURE(three_messages, "receipts: what was read on one device reaches the others, whoever moves next") {
  client bob_tablet{*this, {bob, "tablet"}};
  bob_phone.say(position("read", theirs, 1));
  run();
  bob_phone.say(position("read", theirs, 2));
  bob_tablet.say(position("received", theirs, 3));
  run();
  bob_tablet.take();
  pass(1s);
  CHECK(bob_tablet.take() == lines{"receipt bob read 2"});
}

TEST_CASE_FIXTURE(three_messages, "receipts: a private read is for the own devices only") {
  client bob_tablet{*this, {bob, "tablet"}};
  bob_tablet.take();
  bob_says(position("read", theirs, 3, R"(,"private":true)"));
  CHECK(ann_phone.take() == lines{"receipt bob delivered 3"});
  CHECK(bob_tablet.take() == lines{"receipt bob read 3"});
  pass(1s);
  bob_says(position("read", theirs, 2));
  CHECK(ann_phone.take() == lines{"receipt bob read 2"});
  CHECK(bob_tablet.take().empty());
  ann_phone.say(fmt::format(R"({{"type":"members","conversation":"{}"}})", to_string(theirs)));
  CHECK(ann_phone.take_answers().back().find(R"({"user":"bob","role":"member","delivered":3,"read":2})") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(lunch_group, "receipts: in a group they go to the authors of what was newly covered") {
  // 1 founded by ann, 2 by ann, 3 by bob, 4 by cy; writing moved the positions of the authors.
  ann_phone.say(position("received", lunch, 3));
  CHECK(ann_phone.take() == lines{"done"});
  CHECK(bob_phone.take() == lines{"receipt ann delivered 3"});
  CHECK(cy_phone.take().empty());
  pass(1s);
  ann_phone.say(position("read", lunch, 4));
  ann_phone.take();
  CHECK(bob_phone.take() == lines{"receipt ann read 4"});
  CHECK(cy_phone.take() == lines{"receipt ann read 4"});
}

TEST_CASE_FIXTURE(lunch_group, "receipts: the log names the authors that a new conversation does not know") {
  pass(241s);
  CHECK(log().loads == 1);
  bob_phone.say(position("received", lunch, 4));
  bob_phone.take();
  CHECK(log().loads == 2);
  CHECK(cy_phone.take() == lines{"receipt bob delivered 4"});
  CHECK(ann_phone.take().empty());
}

TEST_CASE_FIXTURE(ann_and_bob, "receipts: above a hundred members nobody is told") {
  std::string members;
  std::vector<user_id> crowd;
  for (int i = 0; i < 100; ++i) {
    crowd.push_back(user_id{fmt::format("user-{}", i)});
    members.append(fmt::format(R"(,"{}")", crowd.back().value));
  }
  add_users(crowd);
  const auto create = [&](std::string_view names) {
    ann_phone.say(fmt::format(R"({{"type":"create","members":["bob"{}]}})", names));
    const auto answer = ann_phone.take_answers().front();
    return *parse_conversation_id(answer.substr(answer.find(R"("conversation":")") + 16, 36));
  };
  const auto small = create(members.substr(0, members.rfind(",\"user-98")));
  const auto large = create(members);
  ann_phone.take();
  bob_phone.say(position("received", large, 1));
  bob_phone.take();
  CHECK(ann_phone.take().empty());
  bob_phone.say(position("received", small, 1));
  bob_phone.take();
  CHECK(ann_phone.take() == lines{"receipt bob delivered 1"});
}

} // namespace parley::tests
