#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

} // namespace

TEST_CASE_TEMPLATE("history: a range excludes both ends and is ascending from either side", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, messages(lunch, 1, 10));
  commit(*store.log, messages(conversation_number(0), 1, 3));
  commit(*store.log, messages(conversation_number(2), 1, 3));
  const auto read = [&](const log_range& range) { return seqs_of(store.log->read(lunch, range).value()); };
  using seqs = std::vector<seq_no>;

  CHECK(read({.after = 7}) == seqs{8, 9, 10});
  CHECK(read({.before = 4}) == seqs{1, 2, 3});
  CHECK(read({.after = 2, .before = 6}) == seqs{3, 4, 5});
  CHECK(read({.limit = 3}) == seqs{1, 2, 3});
  CHECK(read({.limit = 3, .newest = true}) == seqs{8, 9, 10});
  CHECK(read({.after = 4, .limit = 2}) == seqs{5, 6});
  CHECK(read({.after = 4, .limit = 2, .newest = true}) == seqs{9, 10});
  CHECK(read({.before = 7, .limit = 2}) == seqs{1, 2});
  CHECK(read({.before = 7, .limit = 2, .newest = true}) == seqs{5, 6});
  CHECK(read({.after = 3, .before = 9, .limit = 2, .newest = true}) == seqs{7, 8});
}

TEST_CASE_TEMPLATE("history: an empty range has no entries", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, messages(lunch, 1, 3));
  for (const auto newest : {false, true}) {
    CHECK(store.log->read(lunch, {.after = 3, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.after = 99, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.before = 1, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.before = 0, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.after = 1, .before = 2, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.after = 3, .before = 1, .newest = newest}).value().empty());
    CHECK(store.log->read(lunch, {.limit = 0, .newest = newest}).value().empty());
    CHECK(store.log->read(conversation_number(9), {.newest = newest}).value().empty());
  }
}

} // namespace parley::tests
