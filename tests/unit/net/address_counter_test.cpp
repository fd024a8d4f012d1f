#include "net/address_counter.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using parley::net::address_counter;

TEST_CASE("address counter: so many connections of one address find a place, others are not concerned") {
  address_counter counter;
  const auto first = counter.enter("10.0.0.1", 2);
  auto second = counter.enter("10.0.0.1", 2);
  CHECK(first);
  CHECK(second);
  CHECK_FALSE(counter.enter("10.0.0.1", 2));
  CHECK(counter.enter("10.0.0.2", 2));
  second.reset();
  CHECK(counter.enter("10.0.0.1", 2));
}

TEST_CASE("address counter: zero is no limit, and still counts") {
  address_counter counter;
  std::vector<address_counter::place> places;
  for (int i = 0; i < 100; ++i) places.push_back(*counter.enter("a", 0));
  CHECK(counter.count("a") == 100);
  CHECK_FALSE(counter.enter("a", 100));
}

TEST_CASE("address counter: a place that was moved is given back once") {
  address_counter counter;
  {
    auto place = counter.enter("a", 0);
    const address_counter::place moved{std::move(*place)};
    place.reset();
    CHECK(counter.count("a") == 1);
  }
  CHECK(counter.count("a") == 0);
}

TEST_CASE("address counter: threads come and go") {
  address_counter counter;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&counter] {
      for (int i = 0; i < 1'000; ++i) {
        const auto one = counter.enter("a", 0);
        const auto other = counter.enter("b", 2);
      }
    });
  for (auto& thread : threads) thread.join();
  CHECK(counter.count("a") == 0);
  CHECK(counter.count("b") == 0);
}
