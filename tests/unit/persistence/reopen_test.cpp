#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "persistence/open.hpp"
#include "tests/contract/sample.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace parley::tests {

namespace {

using persistence::open_sqlite;

const auto lunch = conversation_number(1);

/// Runs SQL beside the store, as a foreign program would.
void run_sql(const std::filesystem::path& file, const char* script) {
  sqlite3* connection = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
  CHECK(sqlite3_exec(connection, script, nullptr, nullptr, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_close(connection) == SQLITE_OK);
}

std::string why_not(const result<stores>& opened) {
  REQUIRE_FALSE(opened);
  CHECK(opened.error().detail.find('\n') == std::string::npos);
  return opened.error().detail;
}

void make_file(const std::filesystem::path& file, const std::string& content) {
  std::ofstream made{file};
  made << content;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("sqlite: everything is there after a restart") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  const auto written = messages(lunch, 2, 3, {.text = "kept"});
  {
    const auto store = open_sqlite(file).value();
    commit(*store.log, founding(lunch, {ann, bob}));
    commit(*store.log, written);
    REQUIRE(store.devices->touch(bob, phone, moment(1), 32).value());
    raise(*store.log, lunch, position_update{.user = bob, .delivered = 3, .read = 2, .shown = 1});
    raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 3});
    REQUIRE(store.accounts->create({.user = ann, .name = "Ann"}));
    REQUIRE(store.accounts->add_refresh({.digest = {1}, .user = ann, .device = phone, .expires_at = moment(9)}));
    REQUIRE(store.accounts->set_last_seen(std::vector<last_visit>{{ann, moment(4)}}));
    CHECK(store.log->search(ann, {.text = "kept"}).value().size() == 3);
    REQUIRE(store.files->put({.id = file_number(1), .owner = ann, .size = 2}, "ab"));
    REQUIRE(store.devices->touch(cy, phone, moment(1), 32));
    REQUIRE(store.devices->revoke(cy, phone, moment(6)));
  }
  const auto store = open_sqlite(file).value();
  CHECK(store.log->read(lunch, {.after = 1}).value() == written.entries);
  CHECK(store.log->load(lunch).value()->members.at(1).read == 2);
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().cursor == 3);
  CHECK_FALSE(store.devices->touch(bob, phone, moment(2), 32).value());
  CHECK(store.accounts->find(ann).value()->name == "Ann");
  CHECK(store.accounts->use_refresh({1}, moment(5)));
  CHECK(store.accounts->last_seen(ann).value() == moment(4));
  CHECK(store.log->search(ann, {.text = "kept"}).value().size() == 3);
  CHECK(store.files->read(file_number(1), 0, 9).value() == "ab");
  CHECK(store.devices->revocations().value().front().at == moment(6));
  CHECK(is<committed>(write(*store.log, messages(lunch, 5, 1))));
}

TEST_CASE("sqlite: the file is for its owner only, and its folder is made") {
  const temporary_directory directory;
  const auto file = directory.path() / "new" / "folder" / "parley.db";
  const auto store = open_sqlite(file).value();
  commit(*store.log, founding(lunch, {ann}));
  for (const auto* suffix : {"", "-wal", "-shm", ".lock"}) {
    CAPTURE(suffix);
    const auto mode = std::filesystem::status(file.string() + suffix).permissions();
    CHECK((mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
  }
}

TEST_CASE("sqlite: an empty file is migrated from version 0, and only once") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  make_file(file, "");
  for (int i = 0; i < 2; ++i) {
    const auto store = open_sqlite(file);
    REQUIRE(store);
    CHECK(store->log->load(lunch));
  }
}

TEST_CASE("sqlite: a database of a newer program is refused and left alone") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  commit(*open_sqlite(file).value().log, founding(lunch, {ann}));
  run_sql(file, "PRAGMA user_version = 1000");
  const auto why = why_not(open_sqlite(file));
  CHECK(contains(why, file.string()));
  CHECK(contains(why, "version 1000"));
  run_sql(file, "PRAGMA user_version = 1");
  CHECK(whole_log(*open_sqlite(file).value().log, lunch).size() == 1);
}

TEST_CASE("sqlite: what is not a database is refused") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  make_file(file, std::string(5'000, 'x'));
  CHECK(contains(why_not(open_sqlite(file)), "not a database"));
}

TEST_CASE("sqlite: a foreign database is refused") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  run_sql(file, "CREATE TABLE accounts (iban TEXT)");
  CHECK(contains(why_not(open_sqlite(file)), "migration 1 failed"));
}

TEST_CASE("sqlite: a place where no file can be is refused by name") {
  const temporary_directory directory;
  const auto blocked = directory.path() / "file" / "parley.db";
  make_file(directory.path() / "file", "");
  const auto why = why_not(open_sqlite(blocked));
  CHECK(contains(why, blocked.string()));
  CHECK(contains(why, "Not a directory"));
  std::filesystem::create_directory(directory.path() / "folder");
  CHECK(contains(why_not(open_sqlite(directory.path() / "folder")), "Is a directory"));
}

TEST_CASE("sqlite: a foreign program that holds the database makes writes unavailable until it lets go") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  const auto store = open_sqlite(file, {.busy_timeout = std::chrono::milliseconds{1}}).value();
  commit(*store.log, founding(lunch, {ann}));
  sqlite3* foreign = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &foreign) == SQLITE_OK);
  REQUIRE(sqlite3_exec(foreign, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  CHECK(failed(write(*store.log, messages(lunch, 2, 1)), errc::unavailable));
  CHECK(store.log->load(lunch).value()->head == 1);
  sqlite3_close(foreign);
  CHECK(is<committed>(write(*store.log, messages(lunch, 2, 1))));
}

} // namespace parley::tests
