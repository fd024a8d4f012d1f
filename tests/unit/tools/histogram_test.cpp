#include "tools/parleyload/histogram.hpp"

#include <memory>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using parley::load::histogram;

TEST_CASE("histogram: without records every quantile is zero") {
  const histogram empty;
  CHECK(empty.quantile(0.5) == 0ns);
  CHECK(empty.max() == 0ns);
}

TEST_CASE("histogram: small values are exact") {
  histogram values;
  for (int i = 1; i <= 100; ++i) values.record(std::chrono::nanoseconds{i});
  CHECK(values.count() == 100);
  CHECK(values.quantile(0) == 1ns);
  CHECK(values.quantile(0.5) == 50ns);
  CHECK(values.quantile(0.9) == 90ns);
  CHECK(values.quantile(1) == 100ns);
}

TEST_CASE("histogram: a quantile is never too low and at most 0.8 % too high") {
  for (std::int64_t value = 1; value < (std::int64_t{1} << 40); value = value * 17 / 11 + 1) {
    histogram values;
    values.record(std::chrono::nanoseconds{value});
    values.record(24h); // so that the answer is the bucket's, not the maximum
    const auto found = values.quantile(0.5).count();
    CHECK(found >= value);
    CHECK(found <= value + value / 128);
  }
}

TEST_CASE("histogram: neighbouring values never change places") {
  std::int64_t before = 0;
  for (std::int64_t value = 1; value < 100'000; ++value) {
    const auto values = std::make_unique<histogram>();
    values->record(std::chrono::nanoseconds{value});
    values->record(24h);
    const auto found = values->quantile(0.5).count();
    REQUIRE(found >= before);
    before = found;
    if (value > 2000) value += 97;
  }
}

TEST_CASE("histogram: what lies outside its range counts as the end of it") {
  histogram values;
  values.record(-5ns);
  CHECK(values.quantile(1) == 0ns);
  values.record(1h);
  CHECK(values.max() > 18min);
  CHECK(values.max() < 19min);
  CHECK(values.quantile(1) == values.max());
}

TEST_CASE("histogram: the highest quantile is the maximum itself") {
  histogram values;
  for (int i = 0; i < 1000; ++i) values.record(1ms);
  values.record(1234567ns);
  CHECK(values.max() == 1234567ns);
  CHECK(values.quantile(1) == 1234567ns);
  CHECK(values.quantile(0.999) < 1010us);
}
