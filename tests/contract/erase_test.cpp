#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
using seqs = std::vector<seq_no>;

/// Ann's messages 2 and 3; 2 is edited twice (4 and 6) and liked (5).
void begin(log_store& log, const conversation_id& id) {
  commit(log, founding(id, {ann, bob}));
  commit(log, messages(id, 2, 2));
  commit(log, {.conversation = id,
               .entries = {change(id, 4, entry_kind::edited, 2, {.text = "hello"}),
                           change(id, 5, entry_kind::reaction, 2, {.author = bob}),
                           change(id, 6, entry_kind::edited, 2, {.text = "good day"})}});
}

conversation_write deletion_of(const conversation_id& id, seq_no target, seq_no seq) {
  return {.conversation = id, .entries = {change(id, seq, entry_kind::deleted, target)}, .erased = {target}};
}

entry without_content(entry one) {
  one.body = "{}";
  return one;
}

} // namespace

TEST_CASE_TEMPLATE("erase: the content of a message and of its edits goes, everything else stays", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  begin(*store.log, dinner);
  auto expected = whole_log(*store.log, lunch);
  const auto untouched = whole_log(*store.log, dinner);
  commit(*store.log, deletion_of(lunch, 2, 7));
  for (const auto index : {1, 3, 5}) expected[index] = without_content(expected[index]);
  expected[1].countable = false;
  expected.push_back(change(lunch, 7, entry_kind::deleted, 2));
  CHECK(whole_log(*store.log, lunch) == expected);
  CHECK(whole_log(*store.log, dinner) == untouched);
}

TEST_CASE_TEMPLATE("erase: a message of the same write can be erased", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  auto write = messages(lunch, 2, 1);
  write.entries.push_back(change(lunch, 3, entry_kind::edited, 2, {.text = "again"}));
  write.entries.push_back(change(lunch, 4, entry_kind::deleted, 2));
  write.erased = {2};
  commit(*store.log, write);
  const auto log = whole_log(*store.log, lunch);
  CHECK(log[1].body == "{}");
  CHECK(log[2].body == "{}");
  CHECK_FALSE(log[1].countable);
}

TEST_CASE_TEMPLATE("erase: a deleted message does not count as unread", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  CHECK(store.log->item(bob, lunch).value()->unread == 2);
  commit(*store.log, deletion_of(lunch, 2, 7));
  CHECK(store.log->item(bob, lunch).value()->unread == 1);
  CHECK(store.log->list(bob, {}, 10).value().front().unread == 1);
  CHECK(store.log->backlog_of(bob, phone, 10).value().front().unread == 1);
}

TEST_CASE_TEMPLATE("erase: a repetition of the erased message is still known", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const message_fields once{.text = "once", .client = client_number(1)};
  commit(*store.log, messages(lunch, 2, 1, once));
  commit(*store.log, deletion_of(lunch, 2, 3));
  const auto outcome = write(*store.log, messages(lunch, 4, 1, once));
  REQUIRE(is<repeated>(outcome));
  CHECK(std::get<repeated>(*outcome).first.print == message(lunch, 2, once).print);
  CHECK(std::get<repeated>(*outcome).first.body == "{}");
}

TEST_CASE_TEMPLATE("erase: nothing is erased by a write that collides", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  const auto before = whole_log(*store.log, lunch);
  CHECK(is<collision>(write(*store.log, deletion_of(lunch, 2, 6))));
  CHECK(whole_log(*store.log, lunch) == before);
}

TEST_CASE_TEMPLATE("changes: they are what edits, deletes or reacts to entries of the range, up to a head", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  begin(*store.log, dinner);
  commit(*store.log, {.conversation = lunch,
                      .entries = {change(lunch, 7, entry_kind::reaction, 3), message(lunch, 8),
                                  change(lunch, 9, entry_kind::deleted, 8)}});
  const auto changes = [&](seq_no first, seq_no last, seq_no head) {
    return seqs_of(store.log->changes(lunch, first, last, head).value());
  };
  CHECK(changes(1, 9, 9) == seqs{4, 5, 6, 7, 9});
  CHECK(changes(0, 99, 99) == seqs{4, 5, 6, 7, 9});
  CHECK(changes(2, 2, 9) == seqs{4, 5, 6});
  CHECK(changes(2, 3, 5) == seqs{4, 5});
  CHECK(changes(3, 8, 9) == seqs{7, 9});
  CHECK(changes(4, 7, 9).empty());
  CHECK(store.log->changes(lunch, 2, 2, 4).value().front() ==
        change(lunch, 4, entry_kind::edited, 2, {.text = "hello"}));
  CHECK(store.log->changes(conversation_number(9), 1, 9, 9).value().empty());
}

} // namespace parley::tests
