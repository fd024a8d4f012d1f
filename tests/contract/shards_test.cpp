/// PostgreSQL with shards: who may be a shard, and what goes on while one is away.

#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <parley/log_lane.hpp>

#include "persistence/shard_of.hpp"
#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"
#include "tests/postgres_server.hpp"
#include "tests/system/deadline.hpp"

namespace parley::tests {

namespace {

using persistence::open_postgres;
using persistence::postgres_options;

/// A conversation that is kept by the first or the second of two shards.
conversation_id in_shard(std::size_t index) {
  std::uint8_t candidate = 1;
  while (persistence::shard_of(conversation_number(candidate), 2) != index) ++candidate;
  return conversation_number(candidate);
}

std::string ask(const postgres_backend& database, const std::string& sql) {
  return postgres_server::shared().run(sql, database.database());
}

void check_refused(const postgres_options& options, const std::string& why) {
  const auto opened = open_postgres(options);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::conflict);
  CHECK(opened.error().detail == "cannot open PostgreSQL: " + why);
}

/// Servers of their own for the home database and the first shard, which stay, and for the second shard.
struct two_servers {
  postgres_server staying;
  postgres_server leaving;
  postgres_options options{.url = staying.url(staying.make_database()),
                           .shards = {staying.url(staying.make_database()), leaving.url(leaving.make_database())}};
  stores kept = open_postgres(options).value();
  conversation_id here = in_shard(0);
  conversation_id away = in_shard(1);
};

} // namespace

TEST_CASE("shards: each conversation is in one of them, and everything else at home") {
  const fresh_stores<sharded_backend> store;
  const auto& [home, first, second] = *store.backend;
  commit(*store.log, founding(in_shard(0), {ann}));
  commit(*store.log, founding(in_shard(1), {ann, bob}));
  REQUIRE(store.accounts->create({.user = ann, .name = "Ann"}));
  REQUIRE(store.files->put({.id = file_number(1), .owner = ann, .size = 1}, "x"));
  const auto members_and_accounts =
      "SELECT concat((SELECT count(*) FROM log), ' ', (SELECT count(*) FROM members), ' ',"
      " (SELECT count(*) FROM accounts), ' ', (SELECT count(*) FROM files))";
  CHECK(ask(home, members_and_accounts) == "0 0 1 1");
  CHECK(ask(first, members_and_accounts) == "1 1 0 0");
  CHECK(ask(second, members_and_accounts) == "1 2 0 0");
}

TEST_CASE("shards: only the list of the first start is accepted later") {
  const sharded_backend all;
  const auto home = all.home.url(), first = all.first.url(), second = all.second.url();
  const postgres_backend unused;
  REQUIRE(open_postgres(all.options()));
  REQUIRE(open_postgres(all.options()));

  check_refused({.url = home, .shards = {second, first}},
                "shard 1 of postgres.shards: the database is shard 2 of 2; their order is fixed");
  check_refused({.url = home, .shards = {first}},
                "postgres.shards: 1 given, but the installation has 2; their number is fixed");
  check_refused({.url = home, .shards = {first, second, unused.url()}},
                "postgres.shards: 3 given, but the installation has 2; their number is fixed");
  check_refused({.url = home}, "postgres.shards: none given, but the installation has 2; their number is fixed");
  check_refused({.url = home, .shards = {first, unused.url()}},
                "shard 2 of postgres.shards: the database is not the one that was used so far");
  check_refused({.url = home, .shards = {first, first}},
                "shard 2 of postgres.shards: the database is shard 1 of 2; their order is fixed");
  check_refused({.url = unused.url(), .shards = {first, second}},
                "shard 1 of postgres.shards: the database belongs to another installation");
  check_refused({.url = first}, "postgres.url: the database is shard 1 of 2, not one that keeps everything");
  CHECK(ask(unused, "SELECT count(*) FROM place") == "0");
  REQUIRE(open_postgres(all.options()));
}

TEST_CASE("shards: a database that is not there is one line, which names it") {
  const sharded_backend all;
  auto options = all.options();
  options.shards[1] = postgres_server::shared().url("missing");
  for (auto i = 0; i < 2; ++i) {
    const auto opened = open_postgres(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::unavailable);
    CHECK(opened.error().detail.find("shard 2 of postgres.shards: ") != std::string::npos);
    CHECK(opened.error().detail.find('\n') == std::string::npos);
    if (i == 0) REQUIRE(open_postgres(all.options()));
  }
  options.shards[1] = "nonsense";
  CHECK(failed(open_postgres(options), errc::invalid_argument));
}

TEST_CASE("shards: databases that are in use, or named twice, are refused before anything is written") {
  const sharded_backend all;
  const auto home = all.home.url(), first = all.first.url(), second = all.second.url();
  const auto nothing_is_written = [&] {
    for (const auto* one : {&all.home, &all.first, &all.second}) CHECK(ask(*one, "SELECT count(*) FROM place") == "0");
  };
  const std::string twice = "of postgres.shards: the database is named twice, or taken by somebody else";
  check_refused({.url = home, .shards = {first, second, first}}, "shard 3 " + twice);
  check_refused({.url = home, .shards = {home, second}}, "shard 1 " + twice);
  nothing_is_written();

  {
    const auto alone = open_postgres({.url = second}).value();
    commit(*alone.log, founding(in_shard(0), {ann}));
  }
  check_refused({.url = home, .shards = {first, second}},
                "shard 2 of postgres.shards: the database is in use by itself");
  check_refused({.url = second, .shards = {home, first}},
                "postgres.url: the database has conversations of its own; one that keeps everything cannot be divided "
                "into shards");
  nothing_is_written();
}

TEST_CASE("shards: a first start that broke off is gone on with") {
  const sharded_backend all;
  REQUIRE(open_postgres(all.options()));
  ask(all.home, "UPDATE place SET settled = false");
  ask(all.second, "DELETE FROM place");
  const auto store = open_postgres(all.options()).value();
  commit(*store.log, founding(in_shard(1), {ann}));
  CHECK(ask(all.home, "SELECT settled FROM place") == "t");
  CHECK(ask(all.second, "SELECT cluster FROM place") == ask(all.home, "SELECT cluster FROM place"));
}

TEST_CASE("shards: nodes that start at once agree") {
  const sharded_backend all;
  std::vector<std::string> complaints(4);
  std::vector<std::thread> nodes;
  for (auto& complaint : complaints)
    nodes.emplace_back([&] {
      if (const auto opened = open_postgres(all.options()); !opened) complaint = opened.error().detail;
    });
  for (auto& node : nodes) node.join();
  for (const auto& complaint : complaints) CHECK(complaint.empty());
  CHECK(ask(all.first, "SELECT cluster FROM place") == ask(all.home, "SELECT cluster FROM place"));
  CHECK(ask(all.second, "SELECT number FROM place") == "2");
}

TEST_CASE("shards: all databases are migrated, or refused where that is not wanted") {
  auto& server = postgres_server::shared();
  std::vector<std::string> names;
  for (auto i = 0; i < 3; ++i) names.push_back(server.make_database());
  postgres_options check{.url = server.url(names[0]),
                         .shards = {server.url(names[1]), server.url(names[2])},
                         .migrations = persistence::migration_mode::check};
  CHECK(failed(open_postgres(check), errc::conflict));
  REQUIRE(persistence::migrate_postgres(check));
  server.run("UPDATE schema_version SET version = version - 1", names[2]);
  CHECK(failed(open_postgres(check), errc::conflict));
  server.run("UPDATE schema_version SET version = version + 1", names[2]);
  CHECK(open_postgres(check));
  for (const auto& name : names) server.drop_database(name);
}

TEST_CASE("shards: while one is away, conversations on the others go on") {
  two_servers own;
  const auto& log = own.kept.log;
  const auto& devices = own.kept.devices;
  const auto& files = own.kept.files;
  commit(*log, founding(own.here, {ann, bob}));
  commit(*log, founding(own.away, {ann, bob}));
  REQUIRE(devices->touch(bob, phone, moment(1), 32).value());
  REQUIRE(files->put({.id = file_number(1), .owner = ann, .size = 1}, "x"));
  REQUIRE(files->put({.id = file_number(2), .owner = ann, .size = 1}, "y"));
  const auto lane_here = log->open_lane(log->lane_of(own.here));
  const auto lane_away = log->open_lane(log->lane_of(own.away));
  const auto append = [](log_lane& lane, conversation_write what) {
    lane.put({std::move(what)});
    return lane.take().front();
  };
  own.leaving.kill();

  auto sent = messages(own.here, 2, 1, {.text = "tea"});
  sent.files = {file_number(1)};
  CHECK(is<committed>(append(*lane_here, sent)));
  CHECK(failed(append(*lane_away, messages(own.away, 2, 1)), errc::unavailable));
  const auto both = log->write(std::vector{messages(own.away, 2, 1), messages(own.here, 3, 1)});
  CHECK(failed(both[0], errc::unavailable));
  CHECK(is<committed>(both[1]));
  CHECK(log->load(own.here).value()->head == 3);
  CHECK(log->find_access(own.here, bob).value()->head == 3);
  CHECK(log->search(bob, {.text = "tea", .conversation = own.here}).value().size() == 1);
  CHECK(failed(log->load(own.away), errc::unavailable));
  CHECK(failed(log->list(bob, {}, 10), errc::unavailable));
  CHECK(failed(log->backlog_of(bob, phone, 10), errc::unavailable));

  REQUIRE(own.kept.accounts->create({.user = cy}));
  CHECK_FALSE(devices->touch(bob, phone, moment(2), 32).value());
  CHECK(failed(devices->touch(bob, tablet, moment(2), 32), errc::unavailable));
  // Where it has been found nobody needs to look further.
  CHECK(files->find(file_number(1), bob).value());
  CHECK(failed(files->find(file_number(2), bob), errc::unavailable));
  CHECK(files->find(file_number(2), ann).value());

  own.leaving.start();
  const deadline patience{std::chrono::seconds{3}};
  CHECK(eventually([&] { return is<committed>(append(*lane_away, messages(own.away, 2, 1))); }, patience));
  CHECK(eventually([&] { return log->list(bob, {}, 10).has_value(); }, patience));
  CHECK(log->list(bob, {}, 10).value().size() == 2);
  CHECK(devices->touch(bob, tablet, moment(3), 32).value());
}

TEST_CASE("shards: a device that is removed while one is away is gone, and comes back as a new one") {
  two_servers own;
  const auto& log = own.kept.log;
  const auto& devices = own.kept.devices;
  for (const auto& id : {own.here, own.away}) {
    commit(*log, founding(id, {ann, bob}));
    commit(*log, messages(id, 2, 9));
  }
  REQUIRE(devices->touch(bob, phone, moment(1), 32).value());
  for (const auto& id : {own.here, own.away}) raise(*log, id, cursor_update{.user = bob, .device = phone, .seq = 9});
  own.leaving.kill();
  REQUIRE(devices->revoke(bob, phone, moment(2)));
  CHECK(devices->list(bob).value().empty());
  CHECK(devices->revocations().value().size() == 1);

  own.leaving.start();
  REQUIRE(eventually([&] { return devices->touch(bob, phone, moment(3), 32).has_value(); }));
  const auto anew = log->backlog_of(bob, phone, 10).value();
  for (const auto& owed : anew) CHECK(owed.cursor == 0);
  raise(*log, own.away, cursor_update{.user = bob, .device = phone, .seq = 4});
  const auto later = log->backlog_of(bob, phone, 10).value();
  REQUIRE(later.size() == 2);
  for (const auto& owed : later) CHECK(owed.cursor == (owed.conversation == own.away ? 4 : 0));
}

TEST_CASE("shards: one that was restored to a time before a device was there learns of it when it connects") {
  const fresh_stores<sharded_backend> store;
  const auto id = in_shard(1);
  commit(*store.log, founding(id, {ann, bob}));
  commit(*store.log, messages(id, 2, 9));
  REQUIRE(store.devices->touch(bob, phone, moment(1), 32).value());
  ask(store.backend->second, "DELETE FROM cursors");
  ask(store.backend->second, "DELETE FROM devices");
  raise(*store.log, id, position_update{.user = bob, .delivered = 3, .read = 0, .shown = 0});

  const auto cursor = [&] { return store.log->backlog_of(bob, phone, 10).value().front().cursor; };
  CHECK_FALSE(store.devices->touch(bob, phone, moment(2), 32).value());
  CHECK(cursor() == 3);
  raise(*store.log, id, cursor_update{.user = bob, .device = phone, .seq = 7});
  CHECK_FALSE(store.devices->touch(bob, phone, moment(3), 32).value());
  CHECK(cursor() == 7);
}

TEST_CASE("shards: devices that come and go at once, on whatever node, are known everywhere or nowhere") {
  const sharded_backend all;
  constexpr std::size_t devices_max = 3;
  std::vector<std::string> complaints(3);
  std::vector<std::thread> nodes;
  for (std::size_t number = 0; number < complaints.size(); ++number)
    nodes.emplace_back([&, number] {
      const auto store = open_postgres(all.options()).value();
      for (std::size_t i = 0; i < 60; ++i) {
        const device_id id{fmt::format("d{}", (i * (number + 1)) % 6)};
        const auto done = store.devices->touch(bob, id, moment(static_cast<std::int64_t>(i)), devices_max);
        if (!done) complaints[number] = done.error().detail;
        if (i % 9 == 8) (void)store.devices->revoke(bob, id, moment(static_cast<std::int64_t>(i)));
      }
    });
  for (auto& node : nodes) node.join();
  for (const auto& complaint : complaints) CHECK(complaint == "");
  const auto known = "SELECT string_agg(device, ' ' ORDER BY device) FROM devices";
  CHECK(ask(all.first, known) == ask(all.home, known));
  CHECK(ask(all.second, known) == ask(all.home, known));
}

} // namespace parley::tests
