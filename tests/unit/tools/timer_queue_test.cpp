#include "tools/parleyload/timer_queue.hpp"

#include <doctest/doctest.h>

using parley::instant;
using namespace std::chrono_literals;

TEST_CASE("timer queue: gives what is due, soonest first") {
  parley::load::timer_queue<int> timers;
  const instant zero{};
  CHECK(timers.next(zero + 9s) == zero + 9s);
  timers.push(zero + 3s, 3);
  timers.push(zero + 1s, 1);
  timers.push(zero + 2s, 2);
  CHECK(timers.next(zero + 9s) == zero + 1s);
  CHECK(timers.next(zero + 500ms) == zero + 500ms);
  CHECK(!timers.pop(zero));
  CHECK(timers.pop(zero + 2s) == 1);
  CHECK(timers.pop(zero + 2s) == 2);
  CHECK(!timers.pop(zero + 2s));
  CHECK(timers.pop(zero + 3s) == 3);
}
