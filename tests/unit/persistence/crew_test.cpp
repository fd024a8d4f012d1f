#include "persistence/crew.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "tests/system/deadline.hpp"

using namespace parley::persistence;
using parley::tests::eventually;

TEST_CASE("crew: everything is done once, whoever calls beside") {
  crew helpers{3};
  constexpr std::size_t callers = 4, calls = 300, things = 7;
  std::vector<std::atomic<int>> done(callers * things);
  std::vector<std::thread> threads;
  for (std::size_t caller = 0; caller < callers; ++caller)
    threads.emplace_back([&, caller] {
      for (std::size_t i = 0; i < calls; ++i)
        helpers.each(things, [&](std::size_t number) { ++done[caller * things + number]; });
    });
  for (auto& one : threads) one.join();
  CHECK(std::ranges::all_of(done, [&](const auto& count) { return count == calls; }));
}

TEST_CASE("crew: things are done at once as long as there are helpers") {
  crew helpers{2};
  std::atomic<int> arrived = 0, met = 0;
  helpers.each(3, [&](std::size_t) {
    ++arrived;
    met += eventually([&] { return arrived == 3; });
  });
  CHECK(met == 3);
}

TEST_CASE("crew: without helpers, and while all are busy, the caller does everything itself") {
  crew nobody{0};
  auto own = 0;
  const auto caller = std::this_thread::get_id();
  nobody.each(3, [&](std::size_t) { own += std::this_thread::get_id() == caller; });
  nobody.each(0, [&](std::size_t) { own += 100; });
  CHECK(own == 3);

  crew one{1};
  std::atomic<int> busy = 0;
  std::atomic<bool> released = false;
  std::thread other{[&] {
    one.each(2, [&](std::size_t) {
      ++busy;
      (void)eventually([&] { return released.load(); });
    });
  }};
  CHECK(eventually([&] { return busy == 2; }));
  own = 0;
  one.each(3, [&](std::size_t) { own += std::this_thread::get_id() == caller; });
  CHECK(own == 3);
  released = true;
  other.join();
}
