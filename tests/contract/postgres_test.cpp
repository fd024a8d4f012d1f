/// What only a database server can do: be away, be shared, be asked too often.

#include <algorithm>
#include <chrono>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "persistence/postgres/backlog.hpp"
#include "persistence/postgres/overview.hpp"
#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"
#include "tests/postgres_server.hpp"
#include "tests/system/deadline.hpp"

namespace parley::tests {

namespace {

using persistence::migration_mode;
using persistence::postgres::connection;

const auto lunch = conversation_number(1);

/// Conversations of ann and bob with `entries` entries each, the last one of which edits the one before.
void found_many(log_store& log, std::uint8_t count, seq_no entries) {
  std::vector<conversation_write> writes;
  for (std::uint8_t number = 1; number <= count; ++number) {
    const auto id = conversation_number(number);
    writes.push_back(founding(id, {ann, bob}));
    for (seq_no seq = 2; seq < entries; ++seq) writes.back().entries.push_back(message(id, seq));
    writes.back().entries.push_back(change(id, entries, entry_kind::edited, entries - 1));
  }
  for (const auto& outcome : log.write(writes)) REQUIRE(is<committed>(outcome));
}

std::string backend_pids(const std::string& database) {
  return fmt::format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'"
                     " AND pid <> pg_backend_pid()",
                     database);
}

} // namespace

TEST_CASE("postgres: a backlog takes two statements, a list one, however many conversations there are") {
  const fresh_stores<postgres_backend> store;
  found_many(*store.log, 200, 6);
  auto in = connection::open({.url = store.backend->url()}).value();

  auto before = in.statements();
  const auto owed = persistence::postgres::find_backlog(in, bob, phone, 3).value();
  CHECK(in.statements() - before == 2);
  REQUIRE(owed.size() == 200);
  CHECK(std::ranges::all_of(owed, [](const backlog& one) {
    return seqs_of(one.entries) == std::vector<seq_no>{4, 5, 6};
  }));
  CHECK(std::ranges::all_of(owed, [](const backlog& one) { return seqs_of(one.changes) == std::vector<seq_no>{6}; }));

  before = in.statements();
  CHECK(persistence::postgres::list_items(in, bob, {}, 500).value().size() == 200);
  CHECK(in.statements() - before == 1);
}

TEST_CASE("postgres: a call on a connection that was ended in the meantime succeeds") {
  const fresh_stores<postgres_backend> store;
  found_many(*store.log, 1, 3);
  const auto terminate = [&] { CHECK(postgres_server::shared().run(backend_pids(store.backend->database())) != "0"); };
  terminate();
  CHECK(store.log->load(lunch).value()->head == 3);
  terminate();
  CHECK(store.log->read(lunch, {}).value().size() == 3);
  terminate();
  commit(*store.log, messages(lunch, 4, 1));
  terminate();
  CHECK(store.devices->touch(ann, phone, moment(0), 0).value());
  terminate();
  CHECK(failed(store.accounts->set_name(ann, "Ann"), errc::not_found));
}

TEST_CASE("postgres: while the server is away calls fail at once, and work again when it is back") {
  postgres_server server;
  const auto database = server.make_database();
  const auto store = persistence::open_postgres({.url = server.url(database)}).value();
  commit(*store.log, founding(lunch, {ann}));
  SUBCASE("stopped") { server.stop(); }
  SUBCASE("killed") { server.kill(); }

  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    CHECK(failed(store.log->load(lunch), errc::unavailable));
    CHECK(failed(write(*store.log, messages(lunch, 2, 1)), errc::unavailable));
    CHECK(failed(store.accounts->find(ann), errc::unavailable));
    CHECK(failed(store.devices->touch(ann, phone, moment(0), 0), errc::unavailable));
    CHECK(failed(store.files->unreadable(ann, {file_number(1)}), errc::unavailable));
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{3});

  server.start();
  const auto back = std::chrono::steady_clock::now();
  REQUIRE(eventually([&] { return store.log->load(lunch).has_value(); }));
  CHECK(std::chrono::steady_clock::now() - back < std::chrono::seconds{3});
  CHECK(whole_log(*store.log, lunch).size() == 1);
  commit(*store.log, messages(lunch, 2, 1));
}

TEST_CASE("postgres: a statement that takes too long is unavailable, and the connection stays good") {
  const postgres_backend backend;
  auto in = connection::open({.url = backend.url(), .statement_timeout = std::chrono::milliseconds{50}}).value();
  CHECK(failed(in.execute("SELECT pg_sleep(20)"), errc::unavailable));
  CHECK_FALSE(in.is_lost());
  CHECK(in.execute("SELECT 1"));
}

TEST_CASE("postgres: connections carry the name parley, unless the address gives another") {
  const postgres_backend backend;
  const auto name_of = [](const std::string& url) {
    const auto read = [](persistence::postgres::row& row) { return row.take<std::string>(); };
    return connection::open({.url = url}).value().first("SHOW application_name", read).value().value();
  };
  CHECK(name_of(backend.url()) == "parley");
  CHECK(name_of(backend.url() + " application_name=other") == "other");
}

TEST_CASE("postgres: what cannot be opened is said in one line") {
  const auto refused = [](const persistence::postgres_options& options) {
    const auto opened = persistence::open_postgres(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().detail.find('\n') == std::string::npos);
    return opened.error();
  };
  const postgres_backend backend;
  CHECK(refused({.url = "nonsense"}).code == errc::invalid_argument);
  CHECK(refused({.url = "host=/nowhere"}).code == errc::unavailable);
  CHECK(refused({.url = postgres_server::shared().url("missing")}).code == errc::unavailable);
}

TEST_CASE("postgres: a database that lacks nothing can be used by a role that may not change its layout") {
  auto& server = postgres_server::shared();
  const postgres_backend backend;
  server.run("DROP ROLE IF EXISTS clerk");
  server.run("CREATE ROLE clerk LOGIN; GRANT pg_read_all_data, pg_write_all_data TO clerk");
  const auto as_clerk = backend.url() + " user=clerk";
  {
    const auto store = persistence::open_postgres({.url = as_clerk, .migrations = migration_mode::check}).value();
    commit(*store.log, founding(lunch, {ann}));
    commit(*store.log, messages(lunch, 2, 1, {.text = "tea"}));
    CHECK(store.log->search(ann, {.text = "tea"}).value().size() == 1);
    CHECK(store.devices->touch(ann, phone, moment(0), 0).value());
  }
  CHECK(persistence::open_postgres({.url = as_clerk}));
  CHECK(failed(connection::open({.url = as_clerk}).value().execute("CREATE TABLE mine ()"), errc::unavailable));
}

TEST_CASE("postgres: an empty database is migrated, or refused where that is not wanted; a newer one is refused") {
  auto& server = postgres_server::shared();
  const auto database = server.make_database();
  const persistence::postgres_options check{.url = server.url(database), .migrations = migration_mode::check};
  CHECK(failed(persistence::open_postgres(check), errc::conflict));
  REQUIRE(persistence::migrate_postgres(check));
  REQUIRE(persistence::migrate_postgres(check));
  CHECK(persistence::open_postgres(check));
  server.run("UPDATE schema_version SET version = version + 1", database);
  CHECK(failed(persistence::open_postgres(check), errc::conflict));
  CHECK(failed(persistence::open_postgres({.url = check.url}), errc::conflict));
  server.drop_database(database);
}

TEST_CASE("postgres: an erased text is gone from the search index too") {
  const fresh_stores<postgres_backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 2, {.text = "secret"}));
  CHECK(store.log->search(ann, {.text = "secret"}).value().size() == 2);
  const auto indexed = [&] {
    return postgres_server::shared().run("SELECT count(*) FROM words", store.backend->database());
  };
  CHECK(indexed() == "2");
  commit(*store.log, {.conversation = lunch, .entries = {change(lunch, 4, entry_kind::deleted, 2)}, .erased = {2}});
  CHECK(indexed() == "1");
}

} // namespace parley::tests
