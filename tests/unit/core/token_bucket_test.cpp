#include <doctest/doctest.h>

#include <parley/token_bucket.hpp>

namespace parley {

using namespace std::chrono_literals;

TEST_CASE("token bucket: the burst is free, then the caller is told how long to wait") {
  const instant start{1h};
  token_bucket bucket{10, 3, start};
  for (int i = 0; i < 3; ++i) CHECK_FALSE(bucket.take(start));
  CHECK(bucket.take(start) == 100ms);
  CHECK(bucket.take(start + 40ms) == 60ms);
  CHECK_FALSE(bucket.take(start + 100ms));
  CHECK(bucket.take(start + 100ms) == 100ms);
}

TEST_CASE("token bucket: in the long run it lets through its rate and no more") {
  const instant start{};
  token_bucket bucket{10, 20, start};
  int taken = 0;
  for (auto at = start; at < start + 10s; at += 1ms)
    if (!bucket.take(at)) ++taken;
  CHECK(taken == 20 + 99);
}

TEST_CASE("token bucket: who waits as long as told gets a token") {
  instant now{};
  token_bucket bucket{3, 1, now};
  for (int i = 0; i < 100; ++i) {
    if (const auto wait = bucket.take(now)) {
      now += *wait;
      CHECK_FALSE(bucket.take(now));
    }
  }
}

TEST_CASE("token bucket: an idle bucket fills up to its burst only") {
  token_bucket bucket{10, 2, instant{}};
  CHECK_FALSE(bucket.take(instant{} + 1h));
  CHECK_FALSE(bucket.take(instant{} + 1h));
  CHECK(bucket.take(instant{} + 1h));
}

TEST_CASE("token bucket: a refund counts, but not above the burst") {
  token_bucket bucket{1, 1, instant{}};
  CHECK_FALSE(bucket.take(instant{}));
  CHECK(bucket.take(instant{}));
  bucket.refund();
  CHECK_FALSE(bucket.take(instant{}));
  bucket.refund();
  bucket.refund();
  CHECK_FALSE(bucket.take(instant{}));
  CHECK(bucket.take(instant{}));
}

TEST_CASE("token bucket: it is full again when it may be forgotten") {
  token_bucket bucket{10, 2, instant{}};
  CHECK(bucket.is_full(instant{}));
  CHECK_FALSE(bucket.take(instant{}));
  CHECK_FALSE(bucket.is_full(instant{} + 99ms));
  CHECK(bucket.is_full(instant{} + 100ms));
}

TEST_CASE("token bucket: rate 0 means no limit, a burst below one still lets one through") {
  token_bucket unlimited{0, 1, instant{}};
  for (int i = 0; i < 100; ++i) CHECK_FALSE(unlimited.take(instant{}));
  token_bucket small{1, 0, instant{}};
  CHECK_FALSE(small.take(instant{}));
  CHECK(small.take(instant{}) == 1000ms);
}

} // namespace parley
