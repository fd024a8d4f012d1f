#include <cstdlib>
#include <random>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/unit/cluster/membership/membership_world.hpp"

namespace parley::tests {

namespace {

constexpr std::size_t schedules = 1'500;

/// The first seed: of the environment, so that a failure can be seen again, or a new one every day.
std::uint64_t first_seed() {
  if (const auto* given = std::getenv("PARLEY_SEED")) return std::stoull(given);
  return std::random_device{}();
}

std::size_t count_of_environment() {
  const auto* given = std::getenv("PARLEY_SCHEDULES");
  return given ? std::stoull(given) : schedules;
}

void add(world_report& sum, const world_report& one) {
  for (const auto count :
       {&world_report::changes, &world_report::silent_deaths, &world_report::refused_deaths,
        &world_report::living_marked_down, &world_report::kills, &world_report::starts, &world_report::twins,
        &world_report::pauses, &world_report::cuts, &world_report::outages, &world_report::refusals,
        &world_report::drains, &world_report::leaves, &world_report::lost, &world_report::stale,
        &world_report::conflicts, &world_report::taken, &world_report::replaced})
    sum.*count += one.*count;
}

} // namespace

TEST_CASE("membership: under any schedule views have one order, the living stay and the dead go") {
  const auto seed = first_seed();
  const auto count = count_of_environment();
  MESSAGE("schedules from PARLEY_SEED=", seed);
  world_report sum;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto report = run_membership(seed + i);
    add(sum, report);
    if (report.violation.empty()) continue;
    FAIL_CHECK("PARLEY_SEED=", seed + i, ": ", report.violation);
    if (++failed == 10) break;
  }
  MESSAGE(fmt::format("{} changes, {} conflicts, {} deaths by silence, {} by refusal, {} of the living; {} starts, "
                      "{} kills, {} twins ({} refused, {} replaced), {} pauses, {} cuts, {} outages, {} refusals, "
                      "{} drains, {} leaves, {} lost answers, {} stale views",
                      sum.changes, sum.conflicts, sum.silent_deaths, sum.refused_deaths, sum.living_marked_down,
                      sum.starts, sum.kills, sum.twins, sum.taken, sum.replaced, sum.pauses, sum.cuts, sum.outages,
                      sum.refusals, sum.drains, sum.leaves, sum.lost, sum.stale));
  // A schedule in which nothing goes wrong proves nothing.
  for (const auto happened :
       {sum.silent_deaths, sum.refused_deaths, sum.living_marked_down, sum.kills, sum.twins, sum.pauses, sum.cuts,
        sum.outages, sum.refusals, sum.drains, sum.leaves, sum.lost, sum.stale, sum.conflicts, sum.taken})
    CHECK(happened > count / 4);
  CHECK(sum.replaced > count / 100);
}

} // namespace parley::tests
