#include <doctest/doctest.h>

#include "tests/unit/actors/people.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

std::optional<timestamp> last_seen(stage& where, const user_id& user) {
  return where.kept().accounts->last_seen(user).value();
}

} // namespace

TEST_CASE_FIXTURE(people, "presence: when the last device has gone, the time is stored after a grace") {
  client phone{*this, {ann}}, tablet{*this, {ann, "tablet"}};
  pass(1s);
  phone.leave();
  pass(60s);
  CHECK_FALSE(last_seen(*this, ann));
  tablet.leave();
  pass(14s);
  CHECK_FALSE(last_seen(*this, ann));
  pass(2s);
  CHECK(last_seen(*this, ann) == from_millis(1'790'000'061'000));
  CHECK(actors_running() == 0);
}

TEST_CASE_FIXTURE(people, "presence: a reconnect within the grace makes no noise") {
  for (int i = 0; i < 5; ++i) {
    client phone{*this, {ann}};
    pass(1s);
    phone.leave();
    pass(10s);
  }
  CHECK_FALSE(last_seen(*this, ann));
  pass(6s);
  CHECK(last_seen(*this, ann) == from_millis(1'790'000'000'000 + 4 * 11'000 + 1'000));
}

TEST_CASE_FIXTURE(people, "presence: a node that ends stores who was there") {
  client phone{*this, {ann}};
  pass(1s);
  wind_up();
  CHECK(last_seen(*this, ann) == from_millis(1'790'000'001'000));
  CHECK(actors_running() == 0);
}

TEST_CASE_FIXTURE(people, "presence: what is known of a user goes with its last session") {
  {
    client one{*this, {ann}}, two{*this, {bob}};
    run();
    CHECK(presences_kept() == 2);
  }
  pass(16s);
  CHECK(presences_kept() == 0);
  CHECK(actors_running() == 0);
}

} // namespace parley::tests
