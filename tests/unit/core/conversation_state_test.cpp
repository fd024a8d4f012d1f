#include <doctest/doctest.h>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

using enum member_change::action_kind;

const auto lunch = conversation_number(1);

std::vector<user_id> audience_of(const conversation_state& state) { return *state.audience(); }

void fold(conversation_state& state, const entry& item) { REQUIRE(state.apply(item)); }

void fold_change(conversation_state& state, const user_id& author, const member_change& change) {
  fold(state, membership(lunch, state.head() + 1, author, change));
}

} // namespace

TEST_CASE("conversation state: a new one has no entry and no member") {
  const conversation_state state{lunch};
  CHECK(state.head() == 0);
  CHECK(state.record().id == lunch);
  CHECK(state.active_members() == 0);
  CHECK_FALSE(state.find(ann));
}

TEST_CASE("conversation state: the founding entry makes a group of its users") {
  conversation_state state{lunch};
  auto founding = membership(lunch, 1, ann,
                             {.action = create,
                              .users = {ann, bob},
                              .new_role = std::nullopt,
                              .title = "Lunch",
                              .history = history_policy::joined,
                              .mode = delivery_mode::pull,
                              .data = R"({"color":"red"})"});
  founding.at = moment(7);
  const auto change = state.apply(founding);
  REQUIRE(change);
  CHECK(change->record);
  CHECK(change->members == std::vector{ann, bob});

  CHECK(state.head() == 1);
  CHECK(state.newest_at() == moment(7));
  CHECK(state.record() == conversation_record{.id = lunch,
                                              .kind = conversation_kind::group,
                                              .title = "Lunch",
                                              .history = history_policy::joined,
                                              .mode = delivery_mode::pull,
                                              .data = R"({"color":"red"})",
                                              .created_at = moment(7),
                                              .mode_chosen = true});
  CHECK(*state.find(ann) ==
        member{.user = ann, .role = role::owner, .joined = 1, .delivered = 1, .read = 1, .shown = 1, .role_since = 1});
  CHECK(*state.find(bob) == member{.user = bob, .role = role::member, .joined = 1, .role_since = 1});
}

TEST_CASE("conversation state: a direct one begins with its first message") {
  auto state = direct_of(lunch, ann, bob);
  CHECK(state.head() == 0);
  const auto change = state.apply(message(lunch, 1, ann));
  REQUIRE(change);
  CHECK(change->record);
  CHECK(change->members == std::vector{ann, bob});
  CHECK(state.record().kind == conversation_kind::direct);
  CHECK(state.find(ann)->role == role::member);
  CHECK(state.find(bob)->role == role::member);
  CHECK(state.find(bob)->joined == 1);

  const auto second = state.apply(message(lunch, 2, bob));
  REQUIRE(second);
  CHECK_FALSE(second->record);
  CHECK(second->members.empty());
}

TEST_CASE("conversation state: only the entry behind the head can be folded") {
  auto state = group_of(lunch, {{ann, role::owner}});
  for (const seq_no seq : {0, 1, 3}) {
    const auto refused = state.apply(message(lunch, seq, ann));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::internal);
  }
  CHECK(state.head() == 1);
  CHECK(state.apply(message(lunch, 2, ann)));
}

TEST_CASE("conversation state: a member entry that cannot be read changes nothing") {
  auto state = group_of(lunch, {{ann, role::owner}});
  for (const auto* body :
       {"", "[]", R"({"action":"dance","users":["bob"]})", R"({"action":"add","users":["no good"]})"}) {
    auto item = membership(lunch, 2, ann, {});
    item.body = body;
    CHECK(state.apply(item).error().code == errc::internal);
  }
  CHECK(state.head() == 1);
  CHECK(state.active_members() == 1);
}

TEST_CASE("conversation state: who writes an entry has read it, the others have not") {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::member}});
  fold(state, message(lunch, 2, ann));
  CHECK(state.find(ann)->delivered == 2);
  CHECK(state.find(ann)->read == 2);
  CHECK(state.find(ann)->shown == 2);
  CHECK(state.find(bob)->read == 0);
}

TEST_CASE("conversation state: an added member begins behind what was before") {
  auto state = group_of(lunch, {{ann, role::owner}});
  fold(state, message(lunch, 2, ann));
  fold_change(state, ann, {.action = add, .users = {bob, cy}, .new_role = role::reader});
  CHECK(*state.find(bob) ==
        member{.user = bob, .role = role::reader, .joined = 3, .delivered = 2, .read = 2, .shown = 2, .role_since = 3});
  CHECK(audience_of(state) == std::vector{ann, bob, cy});
}

TEST_CASE("conversation state: removed and left members stay known but are no audience") {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::member}, {cy, role::member}});
  fold_change(state, ann, {.action = remove, .users = {bob}});
  fold_change(state, cy, {.action = leave, .users = {cy}});
  CHECK(audience_of(state) == std::vector{ann});
  CHECK(state.active_members() == 1);
  CHECK_FALSE(state.find_active(bob));
  CHECK(state.find(bob)->left == 2);
  CHECK(state.find(cy)->left == 3);
  CHECK(state.members().size() == 3);
}

TEST_CASE("conversation state: who comes back has a new span and keeps its watermarks") {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::admin}});
  fold_change(state, ann, {.action = remove, .users = {bob}});
  fold(state, message(lunch, 3, ann));
  fold_change(state, ann, {.action = add, .users = {bob}});
  CHECK(*state.find(bob) == member{.user = bob,
                                   .role = role::member,
                                   .joined = 4,
                                   .delivered = 3,
                                   .read = 3,
                                   .shown = 3,
                                   .role_since = 4,
                                   .earlier = {{1, 2}}});
}

TEST_CASE("conversation state: a role entry changes roles and no membership") {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::member}});
  const auto change = state.apply(membership(lunch, 2, ann, {.action = role, .users = {bob}, .new_role = role::admin}));
  REQUIRE(change);
  CHECK_FALSE(change->record);
  CHECK(change->members == std::vector{bob});
  CHECK(state.find(bob)->role == role::admin);
  CHECK(state.find(bob)->joined == 1);
}

TEST_CASE("conversation state: the audience is the same list until it changes") {
  auto state = group_of(lunch, {{ann, role::owner}});
  const auto before = state.audience();
  fold(state, message(lunch, 2, ann));
  CHECK(state.audience() == before);
  fold_change(state, ann, {.action = add, .users = {bob}});
  CHECK(state.audience() != before);
  CHECK(before->size() == 1);
}

TEST_CASE("conversation state: time never goes back") {
  auto state = group_of(lunch, {{ann, role::owner}});
  fold(state, message(lunch, 2, ann, moment(9)));
  fold(state, message(lunch, 3, ann, moment(4)));
  CHECK(state.newest_at() == moment(9));
}

TEST_CASE("conversation state: watermarks only rise") {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::member}});
  const auto* raised = state.raise({.user = bob, .delivered = 5, .read = 4, .shown = 3});
  REQUIRE(raised);
  CHECK(raised->delivered == 5);
  CHECK(raised->read == 4);
  CHECK(raised->shown == 3);
  CHECK_FALSE(state.raise({.user = bob, .delivered = 5, .read = 2, .shown = 3}));
  CHECK(state.raise({.user = bob, .delivered = 1, .read = 1, .shown = 4})->delivered == 5);
  CHECK_FALSE(state.raise({.user = cy, .delivered = 5}));
}

TEST_CASE("conversation state: folding a log gives what the snapshot of it gives") {
  conversation_state folded{lunch};
  fold_change(folded, ann, {.action = create, .users = {ann, bob}});
  fold(folded, message(lunch, 2, bob));
  fold_change(folded, ann, {.action = add, .users = {cy}});
  fold_change(folded, ann, {.action = remove, .users = {bob}});

  conversation_state loaded{
      conversation_snapshot{folded.record(), folded.members(), folded.head(), folded.newest_at()}};
  for (auto* state : {&folded, &loaded}) fold_change(*state, ann, {.action = add, .users = {bob}});
  CHECK(loaded.members() == folded.members());
  CHECK(loaded.record() == folded.record());
  CHECK(loaded.head() == folded.head());
  CHECK(audience_of(loaded) == audience_of(folded));
}

} // namespace parley::tests
