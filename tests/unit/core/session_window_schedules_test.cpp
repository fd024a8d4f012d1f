#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>

#include "tests/unit/core/window_schedule.hpp"

namespace parley::tests {

namespace {

constexpr std::size_t schedules = 50'000;

/// The first seed: of the environment, so that a failure can be seen again, or a new one every day.
std::uint64_t first_seed() {
  if (const auto* given = std::getenv("PARLEY_SEED")) return std::stoull(given);
  return std::random_device{}();
}

/// The environment may plant a bug, to see this test fail.
planted_bug bug_of_environment() {
  const auto* name = std::getenv("PARLEY_PLANTED_BUG");
  return name ? planted_bug_of(name) : planted_bug::none;
}

/// Whether one of a thousand schedules finds `bug`.
bool is_found(planted_bug bug) {
  const auto seed = first_seed();
  for (std::size_t i = 0; i < 1'000; ++i)
    if (!run_schedule(seed + i, bug).violation.empty()) return true;
  return false;
}

} // namespace

TEST_CASE("window: under any schedule a device has every entry once, in order, and each of its requests one ack") {
  const auto seed = first_seed();
  MESSAGE("schedules from PARLEY_SEED=", seed);
  const auto bug = bug_of_environment();
  schedule_report sum;
  for (std::size_t i = 0; i < schedules; ++i) {
    const auto report = run_schedule(seed + i, bug);
    if (!report.violation.empty()) FAIL("PARLEY_SEED=", seed + i, ": ", report.violation);
    sum.entries += report.entries;
    sum.needs += report.needs;
    sum.lags += report.lags;
    sum.gaps += report.gaps;
    sum.dropped += report.dropped;
    sum.repeated += report.repeated;
    sum.own += report.own;
    sum.cuts += report.cuts;
    sum.resumed += report.resumed;
    sum.begun_again += report.begun_again;
    sum.hints += report.hints;
  }
  // A schedule in which nothing goes wrong proves nothing.
  for (const auto count : {sum.entries, sum.needs, sum.lags, sum.gaps, sum.dropped, sum.repeated, sum.own, sum.cuts,
                           sum.resumed, sum.begun_again, sum.hints})
    CHECK(count > schedules / 4);
  MESSAGE(fmt::format("{} entries, {} of them own, {} pushes dropped, {} repeated, {} holes asked, {} lags, {} gaps, "
                      "{} transports lost, {} resumed, {} sessions begun again, {} hints",
                      sum.entries, sum.own, sum.dropped, sum.repeated, sum.needs, sum.lags, sum.gaps, sum.cuts,
                      sum.resumed, sum.begun_again, sum.hints));
}

TEST_CASE("window: the schedules find a hole that is never filled") { CHECK(is_found(planted_bug::unanswered_need)); }

TEST_CASE("window: the schedules find a push that is lost without a trace") {
  CHECK(is_found(planted_bug::swallowed_push));
}

TEST_CASE("window: the schedules find an acknowledgement that is lost") { CHECK(is_found(planted_bug::swallowed_ack)); }

TEST_CASE("window: the schedules find a push that a resume leaves out") {
  CHECK(is_found(planted_bug::swallowed_in_resume));
}

TEST_CASE("window: the schedules find a hint that is lost") { CHECK(is_found(planted_bug::swallowed_hint)); }

} // namespace parley::tests
