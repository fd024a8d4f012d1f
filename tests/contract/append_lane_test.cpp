/// What the lanes of PostgreSQL do when the server, or a connection to it, goes away.

#include <chrono>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <parley/log_lane.hpp>

#include "tests/contract/backends.hpp"
#include "tests/contract/rival_owners.hpp"
#include "tests/contract/sample.hpp"
#include "tests/postgres_server.hpp"
#include "tests/system/deadline.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

const auto lunch = conversation_number(1);

/// A server that a test may end.
struct own_server {
  postgres_server server;
  stores kept = persistence::open_postgres({.url = server.url()}).value();
  std::unique_ptr<log_lane> lane = kept.log->open_lane(0);

  result<write_outcome> write(const conversation_write& one) {
    lane->put({one});
    return lane->take().front();
  }
};

void end_lanes(const postgres_server& server, const std::string& database, double share) {
  (void)server.run(fmt::format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}' AND"
                               " query LIKE 'INSERT INTO log%' AND pid <> pg_backend_pid() AND random() < {}",
                               database, share));
}

} // namespace

TEST_CASE("postgres lane: a connection that ends while nothing is under way costs nobody an answer") {
  const fresh_stores<postgres_backend> store;
  const auto lane = store.log->open_lane(0);
  const auto append = [&](conversation_write what) {
    lane->put({std::move(what)});
    return lane->take().front();
  };
  REQUIRE(is<committed>(append(founding(lunch, {ann}))));
  for (seq_no seq = 2; seq < 6; ++seq) {
    end_lanes(postgres_server::shared(), store.backend->database(), 1);
    REQUIRE(eventually([&] {
      return postgres_server::shared().run(fmt::format("SELECT count(*) FROM pg_stat_activity WHERE datname = '{}' AND"
                                                       " query LIKE 'INSERT INTO log%' AND pid <> pg_backend_pid()",
                                                       store.backend->database())) == "0";
    }));
    CHECK(is<committed>(append(messages(lunch, seq, 1))));
  }
}

TEST_CASE("postgres lane: while the server is away it says so at once, and it is back soon") {
  // Far from what either takes, for a machine that does much else; and from 200 time-outs of connecting.
  constexpr auto patience = 60s;
  own_server own;
  REQUIRE(is<committed>(own.write(founding(lunch, {ann}))));
  own.server.kill();
  const auto gone = steady_clock::now();
  for (auto i = 0; i < 200; ++i) CHECK(failed(own.write(messages(lunch, 2, 1)), errc::unavailable));
  CHECK(steady_clock::now() - gone < patience);
  own.server.start();
  const auto back = steady_clock::now();
  while (!is<committed>(own.write(messages(lunch, 2, 1)))) REQUIRE(steady_clock::now() - back < patience);
  MESSAGE("back after ", std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - back).count(),
          " ms");
  CHECK(seqs_of(whole_log(*own.kept.log, lunch)) == std::vector<seq_no>{1, 2});
}

TEST_CASE("postgres lane: nobody is told a lie while connections end under way") {
  const fresh_stores<postgres_backend> store;
  rivalry setting;
  for (std::uint8_t number = 0; number < 16; ++number) setting.conversations.push_back(conversation_number(number));
  setting.duration = 4s;
  setting.open_lane = [&] { return store.log->open_lane(0); };
  setting.read = [&](const conversation_id& id, seq_no after) {
    // The readers' connections stay.
    return store.log->read(id, {.after = after, .limit = 1'000'000}).value();
  };
  setting.disturb = [&] {
    end_lanes(postgres_server::shared(), store.backend->database(), 0.6);
    std::this_thread::sleep_for(100ms);
  };
  const auto counts = run_rivalry(setting);
  MESSAGE(counts.appends, " appends, ", counts.collisions, " collisions, ", counts.repetitions, " repetitions, ",
          counts.unavailable, " unavailable, ", counts.violations.size(), " violations");
  for (const auto& violation : counts.violations) FAIL_CHECK(violation);
  CHECK(counts.appends > 100);
}

} // namespace parley::tests
