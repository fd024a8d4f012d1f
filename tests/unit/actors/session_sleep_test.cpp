#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

/// Nobody is left but those who read and write the store.
constexpr std::size_t only_storage = 3;

std::string watch(const user_id& user) {
  return fmt::format(R"({{"type":"presence","subscribe":["{}"]}})", user.value);
}

} // namespace

TEST_CASE_FIXTURE(ann_and_bob, "session: left alone it sleeps, and so do its user and presence") {
  CHECK(running() > only_storage);
  pass(11s);
  CHECK(running() == only_storage);
  CHECK(connections() == 2);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: one that sleeps is pushed entries without being woken, and wakes when asked") {
  pass(11s);
  bob_phone.say(send_to(ann, R"("ref":"1","text":"hi")"));
  CHECK(bob_phone.take() == lines{"push 1", "ack 1 1"});
  CHECK(ann_phone.take() == lines{"push 1"});
  // Bob's session and the conversation.
  CHECK(running() == only_storage + 2);
  ann_phone.say(send_to(bob, R"("ref":"2","text":"hello")"));
  CHECK(ann_phone.take() == lines{"push 2", "ack 2 2"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: one that waits for an answer does not sleep") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  pass(9s);
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack 1 1"});
}

TEST_CASE_FIXTURE(ann_and_bob, "session: what it watches it watches asleep, and leaves when it is over") {
  say_hello();
  ann_phone.say(watch(bob));
  run();
  pass(1s);
  ann_phone.take();
  pass(300s);
  CHECK(running() == only_storage);
  bob_phone.leave();
  pass(16s);
  const auto heard = ann_phone.take();
  REQUIRE(heard.size() == 1);
  CHECK(frame_field(heard.front(), "status") == "offline");
  pass(11s);
  ann_phone.leave();
  pass(300s);
  CHECK(running() == only_storage);
  CHECK(presences_kept() == 0);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: nothing is lost when a message meets its falling asleep") {
  // Whatever the order of their turns.
  constexpr std::uint64_t rounds = 200;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    shuffle(seed);
    pass(9'990ms);
    for (int i = 0; i < 3; ++i) {
      ann_phone.say(send_to(bob, R"("text":"hi")"));
      pass(10ms);
    }
    CHECK(ann_phone.take().size() == 6);
    CHECK(bob_phone.take().size() == 3);
    pass(11s);
  }
  CHECK(log_of(theirs).size() == 3 * rounds);
}

TEST_CASE_FIXTURE(ann_and_bob, "session: one that sleeps ends like any other") {
  pass(11s);
  ann_phone.leave();
  run();
  CHECK(connections() == 1);
  pass(16s);
  CHECK(running() == only_storage);
}

TEST_CASE_FIXTURE(people, "presence: a node that ends stores who is there though nobody watches") {
  client phone{*this, {ann}};
  pass(30s);
  CHECK(presences_kept() == 1);
  wind_up();
  CHECK(presences_kept() == 0);
  CHECK(kept().accounts->last_seen(ann).value() == from_millis(1'790'000'030'000));
}

} // namespace parley::tests
