#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "persistence/open.hpp"
#include "tests/contract/sample.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/unit/persistence/failing_disk.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

stores open_in(const temporary_directory& directory) {
  return persistence::open_sqlite(directory.path() / "parley.db").value();
}

/// Entries for two conversations, told apart by their text. Enough of them to need new pages.
std::vector<conversation_write> next_batch(log_store& log, const std::string& text) {
  std::vector<conversation_write> batch;
  for (const auto& id : {lunch, dinner})
    batch.push_back(messages(id, whole_log(log, id).size() + 1, 2, {.text = text + std::string(3'000, '.')}));
  return batch;
}

bool all_committed(const std::vector<result<write_outcome>>& outcomes) {
  return is<committed>(outcomes.at(0)) && is<committed>(outcomes.at(1));
}

bool all_unavailable(const std::vector<result<write_outcome>>& outcomes) {
  return failed(outcomes.at(0), errc::unavailable) && failed(outcomes.at(1), errc::unavailable);
}

bool holds(log_store& log, const std::vector<conversation_write>& batch) {
  bool all = true;
  for (const auto& write : batch) {
    const auto there = log.read(write.conversation, {.after = write.entries.front().seq - 1, .limit = 2}).value();
    all = all && there == write.entries;
  }
  return all;
}

bool is_dense(log_store& log, const conversation_id& id) {
  const auto entries = whole_log(log, id);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].seq != i + 1) return false;
  return true;
}

} // namespace

TEST_CASE("sqlite: a full disk makes writes unavailable with the reason, until there is room again") {
  const temporary_directory directory;
  failing_disk disk;
  const auto store = open_in(directory);
  REQUIRE(all_committed(store.log->write(next_batch(*store.log, "before"))));

  disk.fail_after(0, failing_disk::operation::change, SQLITE_FULL);
  for (int i = 0; i < 3; ++i) {
    const auto outcomes = store.log->write(next_batch(*store.log, "meanwhile"));
    CHECK(all_unavailable(outcomes));
    CHECK(outcomes.front().error().detail.find("full") != std::string::npos);
  }
  CHECK(failed(store.devices->touch(ann, phone, moment(0), 32), errc::unavailable));
  CHECK(failed(store.accounts->create({.user = ann}), errc::unavailable));
  CHECK(failed(store.accounts->set_last_seen(std::vector<last_visit>{{ann, moment(0)}}), errc::unavailable));
  CHECK(whole_log(*store.log, lunch).size() == 2);

  REQUIRE(disk.heal());
  const auto after = next_batch(*store.log, "after");
  CHECK(all_committed(store.log->write(after)));
  CHECK(holds(*store.log, after));
  CHECK(store.accounts->create({.user = ann}));
}

TEST_CASE("sqlite: a disk that cannot be read makes reads unavailable, until it can") {
  const temporary_directory directory;
  failing_disk disk;
  {
    const auto store = open_in(directory);
    for (int i = 0; i < 20; ++i) REQUIRE(all_committed(store.log->write(next_batch(*store.log, "before"))));
  }
  const auto store = open_in(directory);
  disk.fail_after(0, failing_disk::operation::read, SQLITE_IOERR_READ);
  CHECK(failed(store.log->read(lunch, {}), errc::unavailable));
  CHECK(failed(store.log->load(lunch), errc::unavailable));
  CHECK(failed(store.log->item(ann, lunch), errc::unavailable));
  CHECK(failed(store.log->list(ann, {}, 10), errc::unavailable));
  CHECK(failed(store.log->backlog_of(ann, phone, 10), errc::unavailable));
  CHECK(failed(store.accounts->missing({ann}), errc::unavailable));
  CHECK(failed(write(*store.log, messages(lunch, 41, 1)), errc::unavailable));
  REQUIRE(disk.heal());
  CHECK(whole_log(*store.log, lunch).size() == 40);
  CHECK(is<committed>(write(*store.log, messages(lunch, 41, 1))));
}

TEST_CASE("sqlite: whichever read fails in the middle of a batch, nothing of the batch is kept") {
  const temporary_directory directory;
  failing_disk disk;
  for (int i = 0; i < 20; ++i) {
    const auto store = open_in(directory);
    REQUIRE(all_committed(store.log->write(next_batch(*store.log, "before"))));
  }
  auto failures = 0;
  for (int good = 0, untouched = 0; untouched < 3; ++good) {
    CAPTURE(good);
    REQUIRE(good < 1'000);
    // Opened again, the writer has no page in memory.
    const auto store = open_in(directory);
    const auto batch = next_batch(*store.log, fmt::format("{}", good));
    disk.fail_once_after(good, failing_disk::operation::read, SQLITE_IOERR_READ);
    const auto outcomes = store.log->write(batch);
    if (disk.heal()) {
      ++failures;
      CHECK(all_unavailable(outcomes));
      CHECK(next_batch(*store.log, "").front().entries.front().seq == batch.front().entries.front().seq);
    } else {
      ++untouched;
      CHECK(all_committed(outcomes));
      CHECK(holds(*store.log, batch));
    }
  }
  CHECK(failures >= 3);
}

TEST_CASE("sqlite: whichever operation fails, a batch is committed whole or unavailable, and the store goes on") {
  auto lasting = false;
  auto code = SQLITE_OK;
  SUBCASE("once, an I/O error") { code = SQLITE_IOERR_WRITE; }
  SUBCASE("once, a failed sync") { code = SQLITE_IOERR_FSYNC; }
  SUBCASE("from then on, a full disk") {
    code = SQLITE_FULL;
    lasting = true;
  }
  const temporary_directory directory;
  failing_disk disk;
  auto store = open_in(directory);
  std::vector<std::vector<conversation_write>> promised;
  for (int good = 0, untouched = 0; untouched < 3; ++good) {
    CAPTURE(good);
    REQUIRE(good < 1'000);
    const auto batch = next_batch(*store.log, fmt::format("{}", good));
    if (lasting)
      disk.fail_after(good, failing_disk::operation::change, code);
    else
      disk.fail_once_after(good, failing_disk::operation::change, code);
    const auto outcomes = store.log->write(batch);
    const auto failed = disk.heal();
    if (all_committed(outcomes)) {
      CHECK(holds(*store.log, batch));
      promised.push_back(batch);
    } else {
      CHECK(failed);
      CHECK(all_unavailable(outcomes));
    }
    if (!failed) ++untouched;
  }
  CHECK(promised.size() >= 3);

  const auto is_kept = [&] {
    for (const auto& batch : promised) CHECK(holds(*store.log, batch));
    CHECK(is_dense(*store.log, lunch));
    CHECK(is_dense(*store.log, dinner));
  };
  is_kept();
  store = {};
  store = open_in(directory);
  is_kept();
}

} // namespace parley::tests
