#include <doctest/doctest.h>

#include <parley/append_decision.hpp>
#include <parley/codec.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

using action = member_change::action_kind;

const auto lunch = conversation_number(1);
const user_id dan{"dan"}, eve{"eve"};
const recent_clients nothing_recent;
constexpr append_limits limits{.members_max = 5, .push_max = 4};
const looked_up all_exist{.missing_users = std::vector<user_id>{}};

append_decision ask(const user_id& author, append_content content, const conversation_state& state) {
  append_request request{.author = author};
  if (const auto* wish = std::get_if<membership_content>(&content); wish && wish->action == action::add)
    request.must_exist = wish->users;
  request.content = std::move(content);
  return decide(state, nothing_recent, request, all_exist, moment(9), limits);
}

membership_content wish(action what, std::vector<user_id> users = {}, role as = role::member) {
  return {what, std::move(users), as};
}

/// ann owns, bob manages, cy is a member, dan reads.
conversation_state lunch_group() {
  return group_of(lunch, {{ann, role::owner}, {bob, role::admin}, {cy, role::member}, {dan, role::reader}});
}

errc code_of(const append_decision& decision) {
  REQUIRE(std::holds_alternative<error>(decision));
  return std::get<error>(decision).code;
}

member_change change_of(const append_decision& decision) {
  REQUIRE(std::holds_alternative<entry>(decision));
  return decode_member_change(std::get<entry>(decision).body).value();
}

bool changes_nothing(const append_decision& decision) { return std::holds_alternative<unchanged>(decision); }

} // namespace

TEST_CASE("add: owners and admins add users who exist, each once, and skip who is there") {
  CHECK(change_of(ask(bob, wish(action::add, {eve, cy, eve}), lunch_group())).users == std::vector{eve});
  CHECK(code_of(ask(cy, wish(action::add, {eve}), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(dan, wish(action::add, {eve}), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(eve, wish(action::add, {eve}), lunch_group())) == errc::not_found);
  CHECK(changes_nothing(ask(ann, wish(action::add, {bob, cy}), lunch_group())));
}

TEST_CASE("add: a group has a bound") {
  CHECK(change_of(ask(ann, wish(action::add, {eve}), lunch_group())).action == action::add);
  CHECK(code_of(ask(ann, wish(action::add, {eve, user_id{"flo"}}), lunch_group())) == errc::too_many);
}

TEST_CASE("remove: only roles below the own, all or none") {
  CHECK(change_of(ask(bob, wish(action::remove, {cy, dan}), lunch_group())).users == std::vector{cy, dan});
  CHECK(code_of(ask(bob, wish(action::remove, {cy, ann}), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(bob, wish(action::remove, {bob}), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(cy, wish(action::remove, {dan}), lunch_group())) == errc::forbidden);
  CHECK(changes_nothing(ask(bob, wish(action::remove, {eve}), lunch_group())));
}

TEST_CASE("leave: anybody may, but the last owner while others are members") {
  CHECK(change_of(ask(dan, wish(action::leave), lunch_group())).users == std::vector{dan});
  CHECK(code_of(ask(ann, wish(action::leave), lunch_group())) == errc::conflict);
  CHECK(change_of(ask(ann, wish(action::leave), group_of(lunch, {{ann, role::owner}}))).users == std::vector{ann});
  CHECK(change_of(ask(ann, wish(action::leave), group_of(lunch, {{ann, role::owner}, {bob, role::owner}}))).action ==
        action::leave);
}

TEST_CASE("role: an owner gives roles to those below") {
  const auto given = change_of(ask(ann, wish(action::role, {cy}, role::admin), lunch_group()));
  CHECK(given.users == std::vector{cy});
  CHECK(given.new_role == role::admin);
  CHECK(code_of(ask(bob, wish(action::role, {cy}, role::admin), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(ann, wish(action::role, {ann}, role::admin), lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(ann, wish(action::role, {eve}, role::admin), lunch_group())) == errc::not_found);
  CHECK(changes_nothing(ask(ann, wish(action::role, {bob}, role::admin), lunch_group())));
}

TEST_CASE("update: owners and admins change what differs; the mode is an owner's") {
  const auto updated = ask(bob, update_content{.title = "dinner"}, lunch_group());
  REQUIRE(std::holds_alternative<entry>(updated));
  CHECK(std::get<entry>(updated).body == R"({"title":"dinner"})");
  CHECK(code_of(ask(cy, update_content{.title = "x"}, lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(bob, update_content{.mode = delivery_mode::pull}, lunch_group())) == errc::forbidden);
  CHECK(std::holds_alternative<entry>(ask(ann, update_content{.mode = delivery_mode::pull}, lunch_group())));
  CHECK(changes_nothing(ask(ann, update_content{.title = lunch_group().record().title}, lunch_group())));
}

TEST_CASE("groups: their commands mean nothing in a 1:1") {
  conversation_state direct{lunch};
  direct.become_direct(ann, bob, moment(1));
  REQUIRE(direct.apply(message(lunch, 1, ann)));
  for (const auto what : {action::add, action::remove, action::leave, action::role})
    CHECK(code_of(ask(ann, wish(what, {bob}), direct)) == errc::invalid_argument);
  CHECK(code_of(ask(ann, update_content{.title = "x"}, direct)) == errc::invalid_argument);
}

TEST_CASE("mode: it follows the size, unless an owner chose it") {
  auto state = lunch_group();
  const entry joined{.conversation = lunch,
                     .seq = state.head() + 1,
                     .kind = entry_kind::member,
                     .author = ann,
                     .body = R"({"action":"add","users":["eve"]})",
                     .at = moment(3)};
  REQUIRE(state.apply(joined));
  const auto grown = mode_change_due(state, joined, limits);
  REQUIRE(grown);
  CHECK(grown->kind == entry_kind::updated);
  CHECK(grown->seq == joined.seq + 1);
  CHECK(grown->body == R"({"mode":"pull","automatic":true})");
  REQUIRE(state.apply(*grown));
  CHECK(state.record().mode == delivery_mode::pull);
  CHECK_FALSE(state.record().mode_chosen);
  CHECK_FALSE(mode_change_due(state, joined, limits));

  const auto remove_two = [&](conversation_state& from) {
    const entry left{.conversation = lunch,
                     .seq = from.head() + 1,
                     .kind = entry_kind::member,
                     .author = ann,
                     .body = R"({"action":"remove","users":["eve","dan"]})",
                     .at = moment(4)};
    REQUIRE(from.apply(left));
    return mode_change_due(from, left, limits);
  };
  auto chosen = state;
  REQUIRE(chosen.apply(entry{.conversation = lunch,
                             .seq = chosen.head() + 1,
                             .kind = entry_kind::updated,
                             .author = ann,
                             .body = R"({"mode":"pull"})"}));
  CHECK(chosen.record().mode_chosen);
  CHECK_FALSE(remove_two(chosen));
  const auto shrunk = remove_two(state);
  REQUIRE(shrunk);
  CHECK(shrunk->body == R"({"mode":"push","automatic":true})");
}

TEST_CASE("state: who comes back keeps what it was before") {
  auto state = lunch_group();
  const auto apply = [&](const char* body) {
    REQUIRE(state.apply(entry{
        .conversation = lunch, .seq = state.head() + 1, .kind = entry_kind::member, .author = ann, .body = body}));
  };
  apply(R"({"action":"remove","users":["cy"]})");
  apply(R"({"action":"add","users":["cy"]})");
  const auto* again = state.find_active(cy);
  REQUIRE(again);
  CHECK(again->joined == 3);
  CHECK(again->earlier == std::vector{membership_span{1, 2}});
  CHECK(again->role_since == 3);
}

} // namespace parley::tests
