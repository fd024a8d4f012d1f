#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

member member_of(log_store& log, const user_id& user) { return log.find_access(lunch, user).value().value().self; }

} // namespace

TEST_CASE_TEMPLATE("projection: a conversation loads as its last write left it", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK_FALSE(store.log->load(lunch).value());
  auto write = founding(lunch, {bob, ann});
  write.members[1].left = 1;
  commit(*store.log, write);
  write = messages(lunch, 2, 2, {.at = moment(9)});
  write.record = conversation_record{.id = lunch,
                                     .kind = conversation_kind::direct,
                                     .title = "supper",
                                     .history = history_policy::joined,
                                     .mode = delivery_mode::pull,
                                     .data = R"({"colour":"red"})",
                                     .created_at = moment(3),
                                     .mode_chosen = true,
                                     .updated = 3};
  commit(*store.log, write);

  const auto loaded = store.log->load(lunch).value().value();
  CHECK(loaded.record == *write.record);
  CHECK(loaded.head == 3);
  CHECK(loaded.newest_at == moment(9));
  REQUIRE(loaded.members.size() == 2);
  CHECK(loaded.members[0] == member{.user = ann, .role = role::member, .joined = 1, .left = 1});
  CHECK(loaded.members[1] == member{.user = bob, .role = role::owner, .joined = 1});
}

TEST_CASE_TEMPLATE("projection: access shows the membership, an ended one too", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK_FALSE(store.log->find_access(lunch, ann).value());
  auto write = founding(lunch, {ann, bob});
  write.record->history = history_policy::joined;
  write.members[1].left = 1;
  commit(*store.log, write);
  const auto found = store.log->find_access(lunch, bob).value().value();
  CHECK(found.self.left == 1);
  CHECK(found.history == history_policy::joined);
  CHECK(found.kind == conversation_kind::group);
  CHECK(found.head == 1);
  CHECK_FALSE(store.log->find_access(lunch, cy).value());
}

TEST_CASE_TEMPLATE("projection: members are paged by user, without those that left", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  auto write = founding(lunch, {cy, user_id{"Zoe"}, bob, ann});
  write.members[2].left = 1;
  commit(*store.log, write);
  const auto page = [&](const std::optional<user_id>& after, std::size_t limit) {
    std::vector<std::string> names;
    const auto found = store.log->members(lunch, after, limit).value();
    for (const auto& member : found) names.push_back(member.user.value);
    return names;
  };
  using names = std::vector<std::string>;
  CHECK(page({}, 10) == names{"Zoe", "ann", "cy"});
  CHECK(page({}, 2) == names{"Zoe", "ann"});
  CHECK(page(ann, 2) == names{"cy"});
  CHECK(page(bob, 2) == names{"cy"});
  CHECK(page(cy, 2).empty());
}

TEST_CASE_TEMPLATE("projection: positions only rise", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  raise(*store.log, lunch, position_update{.user = ann, .delivered = 7, .read = 5, .shown = 3});
  raise(*store.log, lunch, position_update{.user = ann, .delivered = 6, .read = 6, .shown = 2});
  CHECK(member_of(*store.log, ann) ==
        member{.user = ann, .role = role::owner, .joined = 1, .delivered = 7, .read = 6, .shown = 3});
  CHECK(member_of(*store.log, bob) == member{.user = bob, .role = role::member, .joined = 1});
}

TEST_CASE_TEMPLATE("projection: a member that is written again keeps its higher positions only", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  raise(*store.log, lunch, position_update{.user = bob, .delivered = 7, .read = 5, .shown = 3});
  const member again{.user = bob,
                     .role = role::admin,
                     .joined = 9,
                     .left = 12,
                     .delivered = 6,
                     .read = 4,
                     .shown = 1,
                     .muted_until = moment(4),
                     .role_since = 8,
                     .earlier = {{1, 3}, {5, 7}}};
  commit(*store.log, {.conversation = lunch, .members = {again}});
  auto expected = again;
  expected.delivered = 7;
  expected.read = 5;
  expected.shown = 3;
  CHECK(member_of(*store.log, bob) == expected);
}

TEST_CASE_TEMPLATE("projection: the position of someone who never was a member changes nothing", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  raise(*store.log, lunch, position_update{.user = cy, .delivered = 1, .read = 1, .shown = 1});
  CHECK_FALSE(store.log->find_access(lunch, cy).value());
}

TEST_CASE_TEMPLATE("projection: earlier memberships come back wherever the member is read", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  auto write = founding(lunch, {ann, bob});
  write.record->kind = conversation_kind::direct;
  write.members[1].role_since = 1;
  write.members[1].earlier = {{1, 8}, {20, 31}, {40, 1'000'000'000'000}};
  const auto expected = write.members[1];
  commit(*store.log, write);
  CHECK(member_of(*store.log, bob) == expected);
  CHECK(store.log->find_access(lunch, bob).value()->kind == conversation_kind::direct);
  CHECK(store.log->load(lunch).value()->members[1] == expected);
  CHECK(store.log->members(lunch, ann, 10).value() == std::vector{expected});
  CHECK(store.log->item(bob, lunch).value()->self == expected);
}

TEST_CASE_TEMPLATE("acquaintances: they are members somewhere together with the user, now", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob, cy}));
  commit(*store.log, founding(conversation_number(2), {cy, dan}));
  const auto known_to = [&](const user_id& user) {
    return store.log->acquaintances(user, {dan, cy, bob, user_id{"eve"}}).value();
  };
  CHECK(known_to(ann) == std::vector{cy, bob});
  CHECK(known_to(dan) == std::vector{dan, cy});
  CHECK(known_to(user_id{"eve"}).empty());
  commit(*store.log, {.conversation = lunch, .members = {{.user = cy, .joined = 1, .left = 2}}});
  CHECK(known_to(ann) == std::vector{bob});
  CHECK(store.log->acquaintances(cy, {ann, bob, dan}).value() == std::vector{dan});
  CHECK(store.log->acquaintances(ann, {}).value().empty());
}

} // namespace parley::tests
