#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

// Two users and their presences.
constexpr std::size_t without_conversation = 0;

settings restless() {
  settings config;
  config.actors.idle = 1s;
  return config;
}

struct restless_chat : ann_and_bob {
  restless_chat() : ann_and_bob{restless()} {}
};

} // namespace

TEST_CASE_FIXTURE(restless_chat, "passivation: an idle conversation ends, a busy one does not") {
  say_hello();
  CHECK(actors_running() == without_conversation + 1);
  for (int i = 0; i < 10; ++i) {
    pass(900ms);
    say_hello();
  }
  CHECK(actors_running() == without_conversation + 1);
  CHECK(log().loads == 1);
  pass(2'100ms);
  CHECK(actors_running() == without_conversation);
}

TEST_CASE_FIXTURE(restless_chat, "passivation: a conversation that begins again goes on where it ended") {
  say_hello(3);
  pass(2'100ms);
  say_hello();
  CHECK(log().loads == 2);
  CHECK(log_of(theirs).size() == 4);
}

TEST_CASE_FIXTURE(restless_chat, "passivation: nothing is lost when a message meets the end of its conversation") {
  // Whatever the order of their turns.
  constexpr std::uint64_t rounds = 200;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    shuffle(seed);
    say_hello();
    // The conversation looks at its idleness once a second; around then a message arrives.
    pass(1'990ms);
    for (int i = 0; i < 2; ++i) {
      ann_phone.say(send_to(bob, R"("text":"hi")"));
      pass(10ms);
    }
    CHECK(bob_phone.take().size() == 2);
    ann_phone.take();
    pass(2'100ms);
    CHECK(actors_running() == without_conversation);
  }
  CHECK(log_of(theirs).size() == 3 * rounds);
}

TEST_CASE_FIXTURE(restless_chat, "passivation: a conversation that winds up stores its positions first") {
  say_hello(3);
  bob_phone.say(fmt::format(R"({{"type":"read","conversation":"{}","seq":2}})", to_string(theirs)));
  run();
  wind_up();
  CHECK(actors_running() == 0);
  CHECK(log().real().find_access(theirs, bob).value()->self.read == 2);
}

TEST_CASE_FIXTURE(restless_chat, "passivation: a conversation that winds up finishes what it was asked for") {
  hold_lane();
  ann_phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  run();
  ann_phone.say(send_to(bob, R"("ref":"2","text":"hi")"));
  wind_up();
  hold_lane(false);
  CHECK(ann_phone.take() == lines{"push 1", "ack 1 1", "push 2", "ack 2 2"});
  CHECK(actors_running() == 0);
}

TEST_CASE_FIXTURE(restless_chat, "passivation: a node that ends refuses what it did not begin") {
  wind_up();
  ann_phone.say(send_to(bob, R"("ref":"1","text":"hi")"));
  CHECK(ann_phone.take() == lines{"error 1 unavailable"});
}

} // namespace parley::tests
