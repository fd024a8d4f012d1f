/// What a device is owed of conversations that its user has left, come back to, or reads in pull mode.

#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
using seqs = std::vector<seq_no>;

/// A group of ann and bob with entries 1..10; bob's phone has 4 of them.
void begin(const stores& store) {
  commit(*store.log, founding(lunch, {ann, bob}));
  REQUIRE(store.devices->touch(bob, phone, moment(0), 32).value());
  commit(*store.log, messages(lunch, 2, 9));
  raise(*store.log, lunch, position_update{.user = bob, .delivered = 4, .read = 0, .shown = 0});
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 4});
}

void leave(const stores& store, seq_no at) {
  auto write = messages(lunch, at, 1);
  write.members = {{.user = bob, .joined = 1, .left = at}};
  commit(*store.log, write);
}

/// Bob was a member in 1..11 and comes back at 15; the log goes up to 17.
void leave_and_come_back(const stores& store) {
  leave(store, 11);
  commit(*store.log, messages(lunch, 12, 3));
  auto write = messages(lunch, 15, 3);
  write.members = {{.user = bob, .joined = 15, .delivered = 14, .read = 14, .shown = 14, .earlier = {{1, 11}}}};
  commit(*store.log, write);
}

std::vector<backlog> backlogs(const stores& store, const device_id& device, std::size_t limit = 100) {
  return store.log->backlog_of(bob, device, limit).value();
}

backlog only_backlog(const stores& store, const device_id& device, std::size_t limit = 100) {
  const auto owed = backlogs(store, device, limit);
  REQUIRE(owed.size() == 1);
  return owed.front();
}

} // namespace

TEST_CASE_TEMPLATE("backlog: a device is owed what came before its user left, until it has it", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  CHECK_FALSE(only_backlog(store, phone).ended);
  leave(store, 11);
  commit(*store.log, messages(lunch, 12, 5));
  const auto owed = only_backlog(store, phone);
  CHECK(owed.ended);
  CHECK(owed.head == 11);
  CHECK(owed.cursor == 4);
  CHECK(seqs_of(owed.entries) == seqs{5, 6, 7, 8, 9, 10, 11});
  CHECK(owed.unread == 0);
  CHECK(seqs_of(only_backlog(store, phone, 2).entries) == seqs{10, 11});

  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 10});
  CHECK(seqs_of(only_backlog(store, phone).entries) == seqs{11});
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 11});
  CHECK(backlogs(store, phone).empty());
}

TEST_CASE_TEMPLATE("backlog: a device that comes after its user left is owed nothing of that conversation", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  leave(store, 11);
  CHECK(backlogs(store, tablet).empty());
  REQUIRE(store.devices->touch(bob, tablet, moment(1), 32).value());
  CHECK(backlogs(store, tablet).empty());
  CHECK(backlogs(store, phone).size() == 1);
}

TEST_CASE_TEMPLATE("backlog: who comes back is owed both times of membership, and nothing from between", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  leave_and_come_back(store);
  const auto owed = only_backlog(store, phone);
  CHECK_FALSE(owed.ended);
  CHECK(owed.head == 17);
  CHECK(owed.cursor == 4);
  CHECK(seqs_of(owed.entries) == seqs{5, 6, 7, 8, 9, 10, 11, 15, 16, 17});
  CHECK(owed.unread == 3);
  CHECK(seqs_of(only_backlog(store, phone, 5).entries) == seqs{10, 11, 15, 16, 17});
  CHECK(seqs_of(only_backlog(store, phone, 2).entries) == seqs{16, 17});

  // The cursor counts on in the earlier time, and then moves over the gap.
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 10});
  CHECK(only_backlog(store, phone).cursor == 10);
  CHECK(seqs_of(only_backlog(store, phone).entries) == seqs{11, 15, 16, 17});
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 11});
  CHECK(only_backlog(store, phone).cursor == 14);
  CHECK(seqs_of(only_backlog(store, phone).entries) == seqs{15, 16, 17});
}

TEST_CASE_TEMPLATE("backlog: a device that came while its user was away is owed the new membership only", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  leave(store, 11);
  REQUIRE(store.devices->touch(bob, tablet, moment(1), 32).value());
  auto write = messages(lunch, 12, 2);
  write.members = {{.user = bob, .joined = 12, .delivered = 11, .read = 11, .shown = 11, .earlier = {{1, 11}}}};
  commit(*store.log, write);
  CHECK(only_backlog(store, tablet).cursor == 11);
  CHECK(seqs_of(only_backlog(store, tablet).entries) == seqs{12, 13});
}

TEST_CASE_TEMPLATE("backlog: who left twice is owed the earlier time too", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  leave_and_come_back(store);
  auto write = messages(lunch, 18, 3);
  write.members = {{.user = bob, .joined = 15, .left = 18, .earlier = {{1, 11}}}};
  commit(*store.log, write);
  const auto owed = only_backlog(store, phone);
  CHECK(owed.ended);
  CHECK(owed.head == 18);
  CHECK(seqs_of(owed.entries) == seqs{5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 18});
}

TEST_CASE_TEMPLATE("backlog: in pull mode there are no entries, only where things stand", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  auto record = store.log->load(lunch).value()->record;
  record.mode = delivery_mode::pull;
  commit(*store.log, {.conversation = lunch, .record = record});
  auto owed = only_backlog(store, phone);
  CHECK(owed.mode == delivery_mode::pull);
  CHECK(owed.head == 10);
  CHECK(owed.cursor == 4);
  CHECK(owed.entries.empty());
  CHECK(owed.changes.empty());
  CHECK(owed.unread == 9);
  leave(store, 11);
  owed = only_backlog(store, phone);
  CHECK(owed.ended);
  CHECK(owed.head == 11);
  CHECK(owed.entries.empty());
}

TEST_CASE_TEMPLATE("backlog: changes are those of its entries, wherever they stand", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(store);
  commit(*store.log, {.conversation = lunch,
                      .entries = {change(lunch, 11, entry_kind::edited, 3), change(lunch, 12, entry_kind::edited, 6),
                                  change(lunch, 13, entry_kind::reaction, 9)}});
  CHECK(only_backlog(store, phone).mode == delivery_mode::push);
  CHECK(seqs_of(only_backlog(store, phone).changes) == seqs{12, 13});
  CHECK(only_backlog(store, phone).changes.front() == change(lunch, 12, entry_kind::edited, 6));
  CHECK(seqs_of(only_backlog(store, phone, 6).changes) == seqs{13});
  CHECK(only_backlog(store, phone, 3).changes.empty());

  SUBCASE("in a membership that ended, up to its end") {
    leave(store, 14);
    commit(*store.log, {.conversation = lunch, .entries = {change(lunch, 15, entry_kind::edited, 7)}});
    CHECK(seqs_of(only_backlog(store, phone).changes) == seqs{12, 13});
  }
  SUBCASE("also in the time between two memberships, but not of what was written then") {
    leave(store, 14);
    commit(*store.log, {.conversation = lunch,
                        .entries = {change(lunch, 15, entry_kind::edited, 7), message(lunch, 16),
                                    change(lunch, 17, entry_kind::edited, 16)}});
    auto write = messages(lunch, 18, 1);
    write.members = {{.user = bob, .joined = 18, .earlier = {{1, 14}}}};
    commit(*store.log, write);
    CHECK(seqs_of(only_backlog(store, phone).entries) == seqs{5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18});
    CHECK(seqs_of(only_backlog(store, phone).changes) == seqs{12, 13, 15});
  }
}

} // namespace parley::tests
