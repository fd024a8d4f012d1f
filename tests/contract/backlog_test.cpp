#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
using seqs = std::vector<seq_no>;

/// A group of ann and bob with entries 1..10, of which bob has 4 on some device.
void begin(log_store& log, const conversation_id& id) {
  commit(log, founding(id, {ann, bob}));
  commit(log, messages(id, 2, 9));
  raise(log, id, position_update{.user = bob, .delivered = 4, .read = 0, .shown = 0});
}

backlog only_backlog(const stores& store, const device_id& device, std::size_t limit = 100) {
  const auto owed = store.log->backlog_of(bob, device, limit).value();
  REQUIRE(owed.size() == 1);
  return owed.front();
}

void touch(const stores& store, const device_id& device) {
  REQUIRE(store.devices->touch(bob, device, moment(0), 32).value());
}

} // namespace

TEST_CASE_TEMPLATE("backlog: a device seen for the first time starts at the user's delivered position", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  SUBCASE("before it is noted") {}
  SUBCASE("after it is noted") { touch(store, phone); }
  const auto owed = only_backlog(store, phone);
  CHECK(owed.conversation == lunch);
  CHECK(owed.head == 10);
  CHECK(owed.cursor == 4);
  CHECK(seqs_of(owed.entries) == seqs{5, 6, 7, 8, 9, 10});
  CHECK(owed.entries.back() == message(lunch, 10));
}

TEST_CASE_TEMPLATE("backlog: a device keeps its place while another one runs ahead", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  touch(store, phone);
  touch(store, tablet);
  commit(*store.log, {.conversation = lunch,
                      .positions = {{.user = bob, .delivered = 9}},
                      .cursors = {{.user = bob, .device = tablet, .seq = 9}}});
  CHECK(only_backlog(store, phone).cursor == 4);
  CHECK(only_backlog(store, tablet).cursor == 9);
  CHECK(seqs_of(only_backlog(store, tablet).entries) == seqs{10});
}

TEST_CASE_TEMPLATE("backlog: a cursor only rises", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  touch(store, phone);
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 8});
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 6});
  CHECK(only_backlog(store, phone).cursor == 8);
}

TEST_CASE_TEMPLATE("backlog: a device that has everything is owed nothing", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  touch(store, phone);
  raise(*store.log, lunch, cursor_update{.user = bob, .device = phone, .seq = 10});
  const auto owed = only_backlog(store, phone);
  CHECK(owed.cursor == 10);
  CHECK(owed.entries.empty());
  CHECK(owed.unread == 9);
}

TEST_CASE_TEMPLATE("backlog: above the limit the newest entries come", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  const auto owed = only_backlog(store, phone, 3);
  CHECK(owed.cursor == 4);
  CHECK(seqs_of(owed.entries) == seqs{8, 9, 10});
}

TEST_CASE_TEMPLATE("backlog: a known device has nothing of a conversation that its user joined later", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  touch(store, phone);
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, messages(lunch, 2, 3));
  auto join = messages(lunch, 5, 2);
  join.members = {{.user = bob, .joined = 5, .delivered = 4, .read = 4, .shown = 4}};
  commit(*store.log, join);
  // Another device is ahead; this one has not said a word.
  raise(*store.log, lunch, position_update{.user = bob, .delivered = 6, .read = 6, .shown = 6});
  const auto owed = only_backlog(store, phone);
  CHECK(owed.cursor == 4);
  CHECK(seqs_of(owed.entries) == seqs{5, 6});
}

TEST_CASE_TEMPLATE("backlog: nothing from before the membership is shown", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, lunch);
  touch(store, phone);
  commit(*store.log, {.conversation = lunch, .members = {{.user = bob, .joined = 8}}});
  CHECK(only_backlog(store, phone).cursor == 7);
  CHECK(seqs_of(only_backlog(store, phone).entries) == seqs{8, 9, 10});
  CHECK(only_backlog(store, tablet).cursor == 7);
}

TEST_CASE_TEMPLATE("backlog: it has one element for each conversation of the user", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  begin(*store.log, dinner);
  begin(*store.log, lunch);
  commit(*store.log, founding(conversation_number(3), {ann}));
  auto left = founding(conversation_number(4), {ann, bob});
  left.members[1].left = 1;
  commit(*store.log, left);
  raise(*store.log, dinner, position_update{.user = bob, .delivered = 9, .read = 9, .shown = 9});
  touch(store, phone);

  const auto owed = store.log->backlog_of(bob, phone, 100).value();
  REQUIRE(owed.size() == 2);
  CHECK(owed[0].conversation == lunch);
  CHECK(owed[0].entries.size() == 6);
  CHECK(owed[0].unread == 9);
  CHECK(owed[1].conversation == dinner);
  CHECK(owed[1].entries.size() == 1);
  CHECK(owed[1].unread == 1);
  CHECK(store.log->backlog_of(cy, phone, 100).value().empty());
}

} // namespace parley::tests
