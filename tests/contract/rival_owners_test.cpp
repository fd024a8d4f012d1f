#include "tests/contract/rival_owners.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

/// So many seconds instead of a short run.
std::optional<std::chrono::seconds> long_run() {
  const auto* given = std::getenv("PARLEY_RIVAL_SECONDS");
  if (!given) return std::nullopt;
  return std::chrono::seconds{std::strtol(given, nullptr, 10)};
}

rivalry rivalry_in(log_store& log) {
  rivalry setting;
  for (std::uint8_t number = 0; setting.conversations.size() < 32 && number < 255; ++number)
    if (const auto id = conversation_number(number); log.lane_of(id) == 0) setting.conversations.push_back(id);
  setting.duration = long_run().value_or(std::chrono::seconds{5});
  setting.appends_max = long_run() ? 1'000'000 : 5'000;
  setting.open_lane = [&log] { return log.open_lane(0); };
  setting.read = [&log](const conversation_id& id, seq_no after) {
    return log.read(id, {.after = after, .limit = 1'000'000}).value();
  };
  return setting;
}

} // namespace

TEST_CASE_TEMPLATE("lane: rival owners leave dense logs with every promised entry, once and in order", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto counts = run_rivalry(rivalry_in(*store.log));
  MESSAGE(counts.appends, " appends, ", counts.collisions, " collisions, ", counts.repetitions, " repetitions, ",
          counts.violations.size(), " violations");
  for (const auto& violation : counts.violations) FAIL_CHECK(violation);
  CHECK(counts.unavailable == 0);
  CHECK(counts.appends > 100);
  CHECK(counts.collisions > 0);
}

} // namespace parley::tests
