#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "persistence/postgres/append_planner.hpp"
#include "tests/contract/sample.hpp"
#include "tests/unit/persistence/append_schedule.hpp"

namespace parley::tests {

using namespace persistence::postgres;

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
const auto tea = conversation_number(3);

/// A seed for everything, printed when a run fails; PARLEY_SEED repeats it.
std::uint64_t first_seed() {
  if (const auto* given = std::getenv("PARLEY_SEED")) return std::strtoull(given, nullptr, 10);
  return std::random_device{}();
}

std::size_t violations_of(planted_bug bug, std::uint64_t seed, int runs) {
  std::size_t found = 0;
  for (int i = 0; i < runs; ++i)
    if (append_schedule{seed + static_cast<std::uint64_t>(i), bug}.run()) ++found;
  return found;
}

void check_sent(append_planner& planner, append_step::kind what, std::size_t writes) {
  const auto step = planner.next();
  REQUIRE(step);
  CHECK(step->what == what);
  CHECK(step->writes.size() == writes);
}

} // namespace

TEST_CASE("append planner: two batches are sent before the first is answered") {
  append_planner planner;
  planner.put({founding(lunch, {ann})});
  planner.put({founding(dinner, {ann})});
  check_sent(planner, append_step::kind::write, 1);
  check_sent(planner, append_step::kind::write, 1);
  CHECK_FALSE(planner.next());
  CHECK_FALSE(planner.is_answered());
  planner.on_written();
  CHECK(is<committed>(planner.take().front()));
  CHECK_FALSE(planner.is_answered());
  planner.on_written();
  CHECK(is<committed>(planner.take().front()));
}

TEST_CASE("append planner: no conversation is in two batches under way") {
  append_planner planner;
  planner.put({founding(lunch, {ann})});
  CHECK_THROWS(planner.put({messages(lunch, 2, 1)}));
}

TEST_CASE("append planner: only the conversations at fault are refused, the rest is sent again") {
  append_planner planner;
  const message_fields once{.client = client_number(1)};
  planner.put({founding(lunch, {ann}), messages(dinner, 5, 2), messages(tea, 4, 1, once)});
  planner.put({founding(conversation_number(4), {ann})});
  check_sent(planner, append_step::kind::write, 3);
  check_sent(planner, append_step::kind::write, 1);
  planner.on_refused(refusal::by_key, "duplicate key");
  check_sent(planner, append_step::kind::look, 3);
  // What was sent behind it is committed meanwhile, and waits for its turn.
  planner.on_written();
  CHECK_FALSE(planner.is_answered());
  planner.on_found({{.head = 0}, {.head = 5}, {.head = 3, .found = {message(tea, 2, once)}}});
  check_sent(planner, append_step::kind::write, 1);
  planner.on_written();
  const auto answers = planner.take();
  CHECK(is<committed>(answers[0]));
  CHECK(is<collision>(answers[1]));
  REQUIRE(is<repeated>(answers[2]));
  CHECK(std::get<repeated>(*answers[2]).first == message(tea, 2, once));
  CHECK(is<committed>(planner.take().front()));
}

TEST_CASE("append planner: what was lost from sight is read back") {
  append_planner planner;
  planner.put({messages(lunch, 2, 2), messages(dinner, 2, 1), messages(tea, 2, 1)});
  check_sent(planner, append_step::kind::write, 3);
  planner.on_connection_lost();
  check_sent(planner, append_step::kind::look, 3);
  SUBCASE("and again when that is lost too") {
    planner.on_connection_lost();
    check_sent(planner, append_step::kind::look, 3);
  }
  planner.on_found({{.head = 3, .found = {message(lunch, 2), message(lunch, 3)}},
                    {.head = 2, .found = {message(dinner, 2, {.text = "another"})}},
                    {.head = 1}});
  const auto answers = planner.take();
  CHECK(is<committed>(answers[0]));
  CHECK(is<collision>(answers[1]));
  CHECK(failed(answers[2], errc::unavailable));
}

TEST_CASE("append planner: content that the database refuses is found by halving") {
  append_planner planner;
  planner.put({founding(lunch, {ann}), founding(dinner, {ann}), founding(tea, {ann})});
  check_sent(planner, append_step::kind::write, 3);
  planner.on_refused(refusal::by_content, "bad text");
  check_sent(planner, append_step::kind::write, 1);
  planner.on_written();
  check_sent(planner, append_step::kind::write, 2);
  planner.on_refused(refusal::by_content, "bad text");
  check_sent(planner, append_step::kind::write, 1);
  planner.on_refused(refusal::by_content, "bad text");
  check_sent(planner, append_step::kind::write, 1);
  planner.on_written();
  const auto answers = planner.take();
  CHECK(is<committed>(answers[0]));
  CHECK(failed(answers[1], errc::internal));
  CHECK(is<committed>(answers[2]));
}

TEST_CASE("append planner: the database looks for a hole only where the entry before is not known") {
  append_planner planner;
  const auto unsure_of = [&](const conversation_write& write) {
    planner.put({write});
    const auto unsure = planner.next().value().unsure.size();
    planner.on_written();
    (void)planner.take();
    return unsure;
  };
  CHECK(unsure_of(founding(lunch, {ann})) == 0);
  CHECK(unsure_of(messages(lunch, 2, 3)) == 0);
  CHECK(unsure_of(messages(lunch, 5, 1)) == 0);
  CHECK(unsure_of(messages(lunch, 7, 1)) == 1);
  CHECK(unsure_of(messages(dinner, 2, 1)) == 1);
  CHECK(unsure_of(messages(dinner, 3, 1)) == 0);
}

TEST_CASE("append planner: a transaction is not tried for ever") {
  append_planner planner{{.refusals_max = 3}};
  planner.put({founding(lunch, {ann})});
  auto sent = 0;
  for (; planner.next(); ++sent) planner.on_refused(refusal::passing, "deadlock");
  CHECK(sent == 4);
  CHECK(failed(planner.take().front(), errc::unavailable));
}

TEST_CASE("append planner: without a connection everything is unavailable, what was answered is not") {
  append_planner planner;
  planner.put({founding(lunch, {ann})});
  planner.put({founding(dinner, {ann})});
  while (planner.next()) {
  }
  planner.on_written();
  planner.on_connection_lost();
  planner.on_unreachable("nobody is there");
  CHECK(is<committed>(planner.take().front()));
  CHECK(failed(planner.take().front(), errc::unavailable));
  CHECK_FALSE(planner.next());
}

TEST_CASE("append planner: nobody is told a lie, whatever the schedule") {
  const auto seed = first_seed();
  schedule_counts sum;
  for (std::uint64_t i = 0; i < 4'000; ++i) {
    append_schedule one{seed + i, planted_bug::none};
    const auto violation = one.run();
    CAPTURE(seed + i);
    REQUIRE_MESSAGE(!violation, violation.value_or(""));
    const auto& counts = one.counts();
    sum.committed += counts.committed;
    sum.collisions += counts.collisions;
    sum.repetitions += counts.repetitions;
    sum.unavailable += counts.unavailable;
    sum.malformed += counts.malformed;
    sum.losses += counts.losses;
  }
  MESSAGE("seed ", seed, ": ", sum.committed, " committed, ", sum.collisions, " collisions, ", sum.repetitions,
          " repetitions, ", sum.unavailable, " unavailable, ", sum.malformed, " malformed, ", sum.losses, " losses");
  CHECK(sum.committed > 10'000);
  CHECK(sum.collisions > 1'000);
  CHECK(sum.repetitions > 1'000);
  CHECK(sum.malformed > 1'000);
  CHECK(sum.losses > 1'000);
}

TEST_CASE("append planner: the schedules find planted defects") {
  const auto seed = first_seed();
  CAPTURE(seed);
  CHECK(violations_of(planted_bug::loss_is_forgotten, seed, 300) > 0);
  CHECK(violations_of(planted_bug::loss_is_success, seed, 300) > 0);
  CHECK(violations_of(planted_bug::head_is_low, seed, 300) > 0);
  CHECK(violations_of(planted_bug::answers_are_turned, seed, 300) > 0);
  CHECK(violations_of(planted_bug::no_client_key, seed, 300) > 0);
  CHECK(violations_of(planted_bug::holes_are_overlooked, seed, 300) > 0);
}

} // namespace parley::tests
