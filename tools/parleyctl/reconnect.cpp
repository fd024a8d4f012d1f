#include "tools/parleyctl/reconnect.hpp"

#include <algorithm>
#include <utility>

namespace parley::ctl {

namespace {

bool is_about_the_token(const client::ending& how) { return how.code == 4501 || how.http_status == 401; }

bool is_final(const client::ending& how) {
  if (how.http_status != 0) return how.http_status < 500 && how.http_status != 429;
  return how.code >= 4500 && how.code <= 4999;
}

} // namespace

void reconnect_policy::welcomed() {
  failures_ = 0;
  renewed_ = false;
}

void reconnect_policy::asked_to_return_after(std::chrono::milliseconds delay) { asked_ = delay; }

reconnect_decision reconnect_policy::decide(const client::ending& how) {
  if (is_about_the_token(how) && !std::exchange(renewed_, true)) return {next_step::renew, {}};
  if (is_final(how)) return {next_step::stop, {}};
  const auto asked = std::exchange(asked_, std::chrono::milliseconds{-1});
  return {next_step::reconnect, asked.count() >= 0 ? asked : next_delay()};
}

// Doubles, and lies anywhere in its upper half, so that a crowd that lost its server does not return as one.
std::chrono::milliseconds reconnect_policy::next_delay() {
  const auto whole = std::min(longest_delay, first_delay * (1U << std::min(failures_++, 10U)));
  std::uniform_int_distribution<std::int64_t> upper_half{whole.count() / 2, whole.count()};
  return std::chrono::milliseconds{upper_half(random_)};
}

} // namespace parley::ctl
