#include <doctest/doctest.h>

#include <string>

#include "actors/rate_table.hpp"

namespace parley::actors {

using namespace std::chrono_literals;

TEST_CASE("rate table: every key has a bucket of its own") {
  rate_table table{{.per_second = 10, .burst = 2}};
  CHECK_FALSE(table.take("ann", instant{}));
  CHECK_FALSE(table.take("ann", instant{}));
  CHECK(table.take("ann", instant{}) == 100ms);
  CHECK_FALSE(table.take("bob", instant{}));
  CHECK_FALSE(table.take("ann", instant{} + 100ms));
}

TEST_CASE("rate table: a refund is for the key that was charged") {
  rate_table table{{.per_second = 1, .burst = 1}};
  CHECK_FALSE(table.take("ann", instant{}));
  table.refund("bob");
  CHECK(table.take("ann", instant{}));
  table.refund("ann");
  CHECK_FALSE(table.take("ann", instant{}));
}

TEST_CASE("rate table: rate 0 means no limit") {
  rate_table table{{.per_second = 0, .burst = 1}};
  for (int i = 0; i < 100; ++i) CHECK_FALSE(table.take("ann", instant{}));
}

TEST_CASE("rate table: keys that were quiet are forgotten, busy ones are not") {
  rate_table table{{.per_second = 1, .burst = 1}};
  instant now{};
  for (int round = 0; round < 5; ++round, now += 10s)
    for (int i = 0; i < 20'000; ++i)
      CHECK_FALSE(table.take("user-" + std::to_string(round) + "-" + std::to_string(i), now));
  CHECK_FALSE(table.take("ann", now));
  for (int i = 0; i < 40'000; ++i) (void)table.take("other-" + std::to_string(i), now);
  CHECK(table.take("ann", now));
}

} // namespace parley::actors
