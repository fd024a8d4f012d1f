#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

void talk(log_store& log, std::uint8_t number, std::initializer_list<user_id> users, std::int64_t newest_at) {
  const auto id = conversation_number(number);
  commit(log, founding(id, users));
  commit(log, messages(id, 2, 1, {.at = moment(newest_at)}));
}

std::vector<int> numbers_of(const std::vector<conversation_item>& items) {
  std::vector<int> numbers;
  for (const auto& item : items) numbers.push_back(item.record.id.value.bytes.front());
  return numbers;
}

list_position place_of(const conversation_item& item) { return {item.last->at, item.record.id}; }

using numbers = std::vector<int>;

} // namespace

TEST_CASE_TEMPLATE("list: the newest entry comes first, ties go by id", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  talk(*store.log, 1, {ann}, 300);
  talk(*store.log, 2, {ann}, 100);
  talk(*store.log, 200, {ann}, 200);
  talk(*store.log, 4, {ann}, 200);
  talk(*store.log, 5, {bob}, 400);
  CHECK(numbers_of(store.log->list(ann, {}, 10).value()) == numbers{1, 200, 4, 2});
  CHECK(store.log->list(cy, {}, 10).value().empty());
}

TEST_CASE_TEMPLATE("list: pages meet without gap or overlap, also between ties", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  for (std::uint8_t number = 1; number <= 9; ++number) talk(*store.log, number, {ann}, number / 4);
  numbers paged;
  std::optional<list_position> after;
  for (;;) {
    const auto page = store.log->list(ann, after, 2).value();
    if (page.empty()) break;
    CHECK(page.size() <= 2);
    for (const auto number : numbers_of(page)) paged.push_back(number);
    after = place_of(page.back());
  }
  CHECK(paged == numbers{9, 8, 7, 6, 5, 4, 3, 2, 1});
}

TEST_CASE_TEMPLATE("list: a conversation that was left is gone, also as an item", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  talk(*store.log, 1, {ann, bob}, 100);
  commit(*store.log, {.conversation = conversation_number(1),
                      .entries = {message(conversation_number(1), 3)},
                      .members = {{.user = bob, .joined = 1, .left = 3}}});
  CHECK(store.log->list(bob, {}, 10).value().empty());
  CHECK_FALSE(store.log->item(bob, conversation_number(1)).value());
  CHECK_FALSE(store.log->item(cy, conversation_number(1)).value());
  CHECK_FALSE(store.log->item(ann, conversation_number(7)).value());
  CHECK(store.log->item(ann, conversation_number(1)).value()->members == 1);
}

TEST_CASE_TEMPLATE("list: an item tells everything about its conversation", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto id = conversation_number(1);
  auto write = founding(id, {ann, bob});
  write.record->kind = conversation_kind::direct;
  write.entries.push_back(message(id, 2, {.author = bob, .text = "yes", .at = moment(5)}));
  write.members[0].muted_until = moment(99);
  commit(*store.log, write);
  raise(*store.log, id, position_update{.user = ann, .delivered = 1, .read = 1, .shown = 1});

  const auto item = store.log->item(ann, id).value().value();
  CHECK(item.record == *write.record);
  CHECK(item.self == member{.user = ann,
                            .role = role::owner,
                            .joined = 1,
                            .delivered = 1,
                            .read = 1,
                            .shown = 1,
                            .muted_until = moment(99)});
  CHECK(item.members == 2);
  CHECK(item.peer == bob);
  CHECK(item.head == 2);
  CHECK(item.unread == 1);
  CHECK(item.last == write.entries.back());

  const auto listed = store.log->list(bob, {}, 10).value().front();
  CHECK(listed.peer == ann);
  CHECK(listed.head == 2);
  CHECK(listed.unread == 0);
}

TEST_CASE_TEMPLATE("list: a group has no peer", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  talk(*store.log, 1, {ann, bob}, 0);
  CHECK_FALSE(store.log->item(ann, conversation_number(1)).value()->peer);
}

TEST_CASE_TEMPLATE("unread: it counts the countable entries of others above the read position", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto id = conversation_number(1);
  commit(*store.log, founding(id, {ann, bob}));
  commit(*store.log, messages(id, 2, 4, {.author = bob}));
  commit(*store.log, messages(id, 6, 2, {.author = ann}));
  commit(*store.log, messages(id, 8, 1, {.author = bob, .countable = false}));
  const auto unread_of = [&](const user_id& user) {
    const auto unread = store.log->item(user, id).value()->unread;
    CHECK(store.log->list(user, {}, 10).value().front().unread == unread);
    CHECK(store.log->backlog_of(user, phone, 10).value().front().unread == unread);
    return unread;
  };
  CHECK(unread_of(ann) == 4);
  CHECK(unread_of(bob) == 2);
  raise(*store.log, id, position_update{.user = ann, .delivered = 8, .read = 3, .shown = 0});
  CHECK(unread_of(ann) == 2);
  raise(*store.log, id, position_update{.user = ann, .delivered = 8, .read = 8, .shown = 0});
  CHECK(unread_of(ann) == 0);
}

TEST_CASE_TEMPLATE("unread: what was said before one joined does not count", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto id = conversation_number(1);
  commit(*store.log, founding(id, {ann}));
  commit(*store.log, messages(id, 2, 4));
  auto join = messages(id, 6, 2);
  join.entries.front().countable = false;
  join.members = {{.user = bob, .joined = 6}};
  commit(*store.log, join);
  CHECK(store.log->item(bob, id).value()->unread == 1);
}

} // namespace parley::tests
