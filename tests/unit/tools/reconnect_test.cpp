#include "tools/parleyctl/reconnect.hpp"

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::ctl;
using namespace std::chrono_literals;

TEST_CASE("reconnect: waits longer each time, within the upper half of a doubling delay") {
  reconnect_policy policy{1};
  auto whole = 500ms;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const auto [step, delay] = policy.decide({.code = 1006});
    CHECK(step == next_step::reconnect);
    CHECK(delay >= whole / 2);
    CHECK(delay <= whole);
    whole = std::min(30000ms, whole * 2);
  }
  policy.welcomed();
  CHECK(policy.decide({.code = 4010}).delay <= 500ms);
}

TEST_CASE("reconnect: two clients do not return together") {
  CHECK(reconnect_policy{1}.decide({.code = 4001}).delay != reconnect_policy{2}.decide({.code = 4001}).delay);
}

TEST_CASE("reconnect: a draining server says when, once") {
  reconnect_policy policy{1};
  policy.asked_to_return_after(4180ms);
  CHECK(policy.decide({.code = 4001}).delay == 4180ms);
  CHECK(policy.decide({.code = 1006}).delay <= 500ms);
}

TEST_CASE("reconnect: 4500 to 4999 and refusals are final, 4000 to 4499 and server trouble are not") {
  const auto step_after = [](const client::ending& how) { return reconnect_policy{1}.decide(how).step; };
  for (const unsigned code : {4500, 4502, 4504, 4505, 4506, 4999})
    CHECK(step_after({.code = static_cast<std::uint16_t>(code)}) == next_step::stop);
  for (const unsigned code : {1000, 1001, 1006, 1011, 4000, 4001, 4002, 4008, 4010, 4011, 4499})
    CHECK(step_after({.code = static_cast<std::uint16_t>(code)}) == next_step::reconnect);
  for (const unsigned status : {400, 403, 404}) CHECK(step_after({.http_status = status}) == next_step::stop);
  for (const unsigned status : {429, 500, 503}) CHECK(step_after({.http_status = status}) == next_step::reconnect);
}

TEST_CASE("reconnect: a token that is refused is renewed once between two welcomes") {
  reconnect_policy policy{1};
  CHECK(policy.decide({.code = 4501}).step == next_step::renew);
  CHECK(policy.decide({.http_status = 401}).step == next_step::stop);
  policy.welcomed();
  CHECK(policy.decide({.http_status = 401}).step == next_step::renew);
}
