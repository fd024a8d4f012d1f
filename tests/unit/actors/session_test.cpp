#include <doctest/doctest.h>

#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

settings with_connections(std::size_t most) {
  settings config;
  config.limits.connections_per_user = most;
  return config;
}

std::string received(const conversation_id& id, seq_no seq) {
  return fmt::format(R"({{"type":"received","conversation":"{}","seq":{}}})", to_string(id), seq);
}

} // namespace

TEST_CASE_FIXTURE(people, "session: it begins with welcome and synced") {
  client phone{*this, {ann}};
  CHECK(phone.take() == lines{"welcome", "synced 0"});
  CHECK(connections() == 1);
  phone.leave();
  run();
  CHECK(connections() == 0);
}

TEST_CASE_FIXTURE(people, "session: requests that come before the welcome are answered after it") {
  hold_readers();
  client phone{*this, {ann}};
  run();
  phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  run();
  CHECK(phone.take().empty());
  hold_readers(false);
  const auto heard = phone.take();
  CHECK(heard.front() == "welcome");
  CHECK(std::count(heard.begin(), heard.end(), "ack 1 1") == 1);
}

TEST_CASE_FIXTURE(people, "session: a user that the token's issuer made known is created") {
  client phone{*this, {user_id{"eve"}}};
  CHECK(phone.take().front() == "welcome");
  CHECK(kept().accounts->find(user_id{"eve"}).value());
}

TEST_CASE_FIXTURE(people, "session: a node without its database sends its clients elsewhere") {
  log().is_down = true;
  client phone{*this, {ann}};
  CHECK(phone.take() == lines{"welcome", "close 4011"});
  CHECK(connections() == 0);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a device that comes back is replayed what it did not acknowledge") {
  say_hello(3);
  bob_phone.say(received(theirs, 1));
  run();
  bob_phone.leave();
  say_hello(1);
  client again{*this, {bob}};
  CHECK(again.take() == lines{"welcome", "replay 2-4", "synced 1 unread 4"});
  again.say(received(theirs, 4));
  run();
  again.leave();
  client once_more{*this, {bob}};
  CHECK(once_more.take() == lines{"welcome", "synced 0 unread 4"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: positions that were just moved count for the replay") {
  say_hello(3);
  bob_phone.say(received(theirs, 3));
  bob_phone.leave();
  client again{*this, {bob}};
  CHECK(again.take() == lines{"welcome", "synced 0 unread 3"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a new device begins where the user is") {
  say_hello(3);
  bob_phone.say(received(theirs, 2));
  run();
  client tablet{*this, {bob, "tablet"}};
  CHECK(tablet.take() == lines{"welcome", "replay 3-3", "synced 1 unread 3"});
}

TEST_CASE("session: a replay that is too long begins behind a gap") {
  settings config;
  config.limits.replay = 2;
  ann_and_bob chat{config};
  chat.say_hello(5);
  chat.bob_phone.leave();
  client again{chat, {bob}};
  CHECK(again.take() == lines{"welcome", "replay 4-5 after 0", "synced 1 unread 5"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: with replay=none nothing is replayed") {
  say_hello(3);
  bob_phone.leave();
  client again{*this, {bob, "phone", true}};
  CHECK(again.take() == lines{"welcome", "synced 0 unread 3"});
}

TEST_CASE("session: a user has a bounded number of connections, the newest is refused") {
  people chat{with_connections(20)};
  std::vector<std::unique_ptr<client>> devices;
  for (int i = 0; i < 20; ++i) {
    devices.push_back(std::make_unique<client>(chat, device_of{ann, fmt::format("device-{}", i)}));
    CHECK(devices.back()->take().front() == "welcome");
  }
  client late{chat, {ann, "late"}};
  CHECK(late.take() == lines{"close 4504"});
  client other{chat, {bob}};
  CHECK(other.take().front() == "welcome");

  devices.pop_back();
  client next{chat, {ann, "next"}};
  CHECK(next.take().front() == "welcome");
}

TEST_CASE("session: a connection that goes before it was let in does not count") {
  people chat{with_connections(2)};
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    chat.shuffle(seed);
    client hasty{chat, {ann}};
    for (auto turns = seed % 7; turns > 0; --turns) (void)chat.turn();
    hasty.leave();
    chat.run();
  }
  client one{chat, {ann}}, two{chat, {ann, "tablet"}};
  CHECK(one.take().front() == "welcome");
  CHECK(two.take().front() == "welcome");
}

TEST_CASE("session: an entry that is committed while the replay is read arrives in one of the two ways") {
  // In any order of turns; the window of the connection drops what comes twice.
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    ann_and_bob chat;
    chat.say_hello(2);
    chat.bob_phone.leave();
    chat.run();
    chat.shuffle(seed);
    chat.ann_phone.say(send_to(bob, R"("text":"now")"));
    client again{chat, {bob}};
    const auto heard = again.take();
    const auto pushed = std::ranges::find(heard, "push 3");
    const auto replayed = std::ranges::find(heard, "replay 1-3");
    CHECK((pushed != heard.end() || replayed != heard.end()));
    CHECK(heard.front() == "welcome");
  }
}

TEST_CASE("session: nothing reaches a client before its welcome") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    ann_and_bob chat;
    chat.say_hello(2);
    chat.shuffle(seed);
    client tablet{chat, {ann, "tablet"}};
    chat.bob_phone.say(fmt::format(R"({{"type":"read","conversation":"{}","seq":2}})", to_string(chat.theirs)));
    chat.ann_phone.say(send_to(bob, R"("text":"now")"));
    CHECK(tablet.take().front() == "welcome");
  }
}

TEST_CASE("session: an own entry that the log shows early is acknowledged first") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    ann_and_bob chat;
    chat.say_hello(2);
    client tablet{chat, {ann, "tablet"}};
    // The request comes before the replay, or while a hole is read.
    if (seed % 2 == 0) tablet.take();
    chat.shuffle(seed);
    if (seed % 2 == 0) tablet.need(chat.theirs, 2);
    tablet.say(send_to(bob, R"("ref":"r","text":"now")"));
    const auto heard = tablet.take();
    const auto ack = std::ranges::find(heard, "ack r 3");
    REQUIRE(ack != heard.end());
    for (const auto* shown : {"replay 1-3", "replay 3-3", "fill 3-3"})
      CHECK((std::ranges::find(heard, shown) > ack || std::ranges::find(heard, shown) == heard.end()));
  }
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a hole is filled from the log") {
  say_hello(5);
  bob_phone.need(theirs, 2);
  CHECK(bob_phone.take() == lines{"fill 3-5"});
  bob_phone.need(theirs, 5);
  CHECK(bob_phone.take() == lines{"fill nothing"});
  bob_phone.need(random_conversation(), 0);
  CHECK(bob_phone.take() == lines{"fill nothing"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: a hole that cannot be read now is read later") {
  say_hello(5);
  log().is_down = true;
  bob_phone.need(theirs, 2);
  pass(5s);
  CHECK(bob_phone.take().empty());
  log().is_down = false;
  pass(1s);
  CHECK(bob_phone.take() == lines{"fill 3-5"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: who came back to a group is not shown what was said meanwhile") {
  const auto lunch = random_conversation();
  conversation_write write{.conversation = lunch};
  for (seq_no seq = 1; seq <= 9; ++seq)
    write.entries.push_back({.conversation = lunch, .seq = seq, .author = ann, .body = R"({"text":"x"})"});
  write.record = conversation_record{.id = lunch};
  write.members = {{.user = ann, .role = role::owner, .joined = 1}, {.user = bob, .joined = 7}};
  REQUIRE(log().real().write({&write, 1}).front());
  bob_phone.need(lunch, 2);
  CHECK(bob_phone.take() == lines{"fill 7-9"});
}

} // namespace parley::tests
