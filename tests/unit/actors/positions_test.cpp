#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

std::string position(std::string_view type, const conversation_id& id, seq_no seq, std::string_view rest = {}) {
  return fmt::format(R"({{"type":"{}","conversation":"{}","seq":{}{}}})", type, to_string(id), seq, rest);
}

/// `read` with several positions, all answered under `ref`.
std::string positions(const std::vector<std::pair<conversation_id, seq_no>>& all) {
  std::string list;
  for (const auto& [id, seq] : all)
    list.append(fmt::format(R"({}{{"conversation":"{}","seq":{}}})", list.empty() ? "" : ",", to_string(id), seq));
  return fmt::format(R"({{"type":"read","ref":"r","positions":[{}]}})", list);
}

struct three_messages : ann_and_bob {
  three_messages() { say_hello(3); }

  member stored(const user_id& user, const conversation_id& id) {
    return log().real().find_access(id, user).value()->self;
  }
};

} // namespace

TEST_CASE_FIXTURE(three_messages, "positions: they are stored within a second, and with them the device's cursor") {
  bob_phone.say(position("received", theirs, 2));
  bob_phone.say(position("read", theirs, 1));
  pass(1s);
  CHECK(stored(bob, theirs).delivered == 2);
  CHECK(stored(bob, theirs).read == 1);
  CHECK(stored(bob, theirs).shown == 1);
  CHECK(log().real().backlog_of(bob, device_id{"phone"}, 10).value().front().cursor == 2);
}

TEST_CASE_FIXTURE(three_messages, "positions: many of them cost few writes") {
  pass(1s);
  const auto before = log().writes;
  for (int i = 0; i < 100; ++i) {
    bob_phone.say(position(i % 2 == 0 ? "received" : "read", theirs, static_cast<seq_no>(1 + i % 3)));
    pass(10ms);
  }
  pass(1s);
  CHECK(log().writes - before <= 4);
}

TEST_CASE("positions: a conversation in which somebody always reads does not gather reminders") {
  settings config;
  config.limits.send = {0, 0};
  ann_and_bob chat{config};
  chat.say_hello(400);
  const auto before = chat.reminders();
  std::size_t most = before;
  for (seq_no seq = 1; seq <= 400; ++seq) {
    chat.bob_phone.say(position("received", chat.theirs, seq));
    chat.pass(std::chrono::milliseconds{20 + seq * 7 % 60});
    most = std::max(most, chat.reminders());
  }
  CHECK(most <= before + 3);
}

TEST_CASE_FIXTURE(three_messages, "positions: an answer comes only if it was asked for") {
  bob_phone.say(position("received", theirs, 1));
  CHECK(bob_phone.take() == lines{"done"});
  bob_phone.say(position("received", theirs, 2, R"(,"ref":"r")"));
  CHECK(bob_phone.take() == lines{"ack r"});
}

TEST_CASE_FIXTURE(three_messages,
                  "positions: above the head there is nothing, for strangers there is no conversation") {
  bob_phone.say(position("received", theirs, 4, R"(,"ref":"1")"));
  bob_phone.say(position("read", theirs, 4));
  bob_phone.say(position("received", random_conversation(), 0, R"(,"ref":"2")"));
  CHECK(bob_phone.take() == lines{"error 1 invalid_argument", "error invalid_argument", "error 2 not_found"});
  client cy_phone{*this, {cy}};
  cy_phone.take();
  cy_phone.say(position("read", theirs, 1));
  CHECK(cy_phone.take() == lines{"error not_found"});
}

TEST_CASE_FIXTURE(three_messages, "positions: an entry that is not committed cannot be read") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("text":"hi")"));
  run();
  bob_phone.say(position("read", theirs, 4));
  run();
  hold_lane(false);
  // It waits for the commit that is under way.
  CHECK(bob_phone.take() == lines{"push 4", "done"});
}

TEST_CASE_FIXTURE(three_messages, "positions: they only move forward") {
  bob_phone.say(position("read", theirs, 3));
  bob_phone.say(position("read", theirs, 1));
  bob_phone.say(position("received", theirs, 0));
  pass(1s);
  CHECK(stored(bob, theirs).read == 3);
  CHECK(stored(bob, theirs).delivered == 3);
}

TEST_CASE_FIXTURE(three_messages, "positions: a list is never older than what its reader has said") {
  bob_phone.say(position("read", theirs, 2));
  bob_phone.say(R"({"type":"conversations"})");
  run();
  const auto list = bob_phone.take_answers().back();
  CHECK(list.find(R"("read":2,"delivered":2,"unread":1)") != std::string::npos);

  bob_phone.say(position("read", theirs, 3));
  bob_phone.say(fmt::format(R"({{"type":"conversation","conversation":"{}"}})", to_string(theirs)));
  CHECK(bob_phone.take_answers().back().find(R"("read":3)") != std::string::npos);
}

TEST_CASE_FIXTURE(three_messages, "positions: another device of the user sees them at once as well") {
  client bob_tablet{*this, {bob, "tablet"}};
  bob_tablet.take();
  bob_phone.say(position("read", theirs, 3));
  run();
  bob_tablet.say(R"({"type":"conversations"})");
  CHECK(bob_tablet.take_answers().back().find(R"("read":3)") != std::string::npos);
}

TEST_CASE_FIXTURE(three_messages, "positions: an author has read what it wrote") {
  ann_phone.say(R"({"type":"conversations"})");
  CHECK(ann_phone.take_answers().back().find(R"("read":3,"delivered":3,"unread":0)") != std::string::npos);
}

TEST_CASE_FIXTURE(three_messages, "positions: several at once are all moved") {
  ann_phone.say(send_to(cy, R"("text":"hi")"));
  ann_phone.take();
  ann_phone.say(positions({{theirs, 3}, {direct_conversation(ann, cy), 1}}));
  CHECK(ann_phone.take() == lines{"ack r"});
  ann_phone.say(R"({"type":"read","ref":"r","positions":[]})");
  CHECK(ann_phone.take() == lines{"ack r"});
}

TEST_CASE_FIXTURE(three_messages, "positions: several at once are moved all or none") {
  bob_phone.say(positions({{theirs, 3}, {random_conversation(), 1}}));
  CHECK(bob_phone.take() == lines{"error r not_found"});
  pass(1s);
  CHECK(stored(bob, theirs).read == 0);
}

TEST_CASE_FIXTURE(three_messages, "positions: a request is answered once, however many of its positions are wrong") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    shuffle(seed);
    bob_phone.say(positions({{random_conversation(), 1},
                             {theirs, 1},
                             {random_conversation(), 1},
                             {theirs, 2},
                             {theirs, 9},
                             {random_conversation(), 1}}));
    run();
    CHECK(bob_phone.take_answers().size() == 1);
  }
}

TEST_CASE_FIXTURE(three_messages, "positions: unread counts what others wrote behind the read position") {
  ann_phone.say(send_to(bob, R"("text":"psst","silent":true)"));
  bob_phone.say(send_to(ann, R"("text":"hello")"));
  run();
  bob_phone.leave();
  client bob_again{*this, {bob}};
  // Bob wrote entry 5 and so has read everything.
  CHECK(bob_again.take().back() == "synced 1");
  client ann_tablet{*this, {ann, "tablet"}};
  CHECK(ann_tablet.take().back() == "synced 1 unread 1");
}

} // namespace parley::tests
