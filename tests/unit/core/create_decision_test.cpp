#include <doctest/doctest.h>

#include <parley/append_decision.hpp>
#include <parley/codec.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const looked_up all_exist{.missing_users = std::vector<user_id>{}};

append_request create(std::vector<user_id> members) {
  append_request request{.author = ann, .must_exist = members};
  create_request content;
  content.title = "Lunch";
  content.members = std::move(members);
  content.history = history_policy::joined;
  content.data = R"({"a":1})";
  request.content = content;
  request.print = print_number(1);
  return request;
}

append_decision ask(const append_request& request, const looked_up& facts, const conversation_state& state,
                    std::size_t members_max = 3) {
  return decide(state, recent_clients{}, request, facts, moment(5), {.members_max = members_max});
}

} // namespace

TEST_CASE("create: the founding entry names the creator first and everybody once") {
  const auto decision = ask(create({bob, ann, bob}), all_exist, conversation_state{lunch}, 10);
  REQUIRE(std::holds_alternative<entry>(decision));
  const auto& item = std::get<entry>(decision);
  CHECK(item.seq == 1);
  CHECK(item.kind == entry_kind::member);
  CHECK_FALSE(item.countable);
  const auto change = decode_member_change(item.body);
  REQUIRE(change);
  CHECK(change->action == member_change::action_kind::create);
  CHECK(change->users == std::vector{ann, bob});
  CHECK(change->title == "Lunch");
  CHECK(change->history == history_policy::joined);
  CHECK(change->mode == delivery_mode::push);
  CHECK(change->data == R"({"a":1})");
}

TEST_CASE("create: a group may consist of its creator") {
  CHECK(std::holds_alternative<entry>(ask(create({}), {}, conversation_state{lunch})));
}

TEST_CASE("create: the log is asked for the members") {
  const auto asked = ask(create({bob}), {}, conversation_state{lunch});
  REQUIRE(std::holds_alternative<needs_lookup>(asked));
  CHECK(std::get<needs_lookup>(asked).users);
  CHECK_FALSE(std::get<needs_lookup>(asked).client);

  const auto refused = ask(create({bob}), {.missing_users = std::vector{bob}}, conversation_state{lunch});
  REQUIRE(std::holds_alternative<error>(refused));
  CHECK(std::get<error>(refused).code == errc::not_found);
  CHECK(std::get<error>(refused).field == "members");
}

TEST_CASE("create: a group is bounded, its creator counted") {
  CHECK(std::holds_alternative<entry>(ask(create({bob, cy}), all_exist, conversation_state{lunch}, 3)));
  const auto refused = ask(create({bob, cy}), all_exist, conversation_state{lunch}, 2);
  REQUIRE(std::holds_alternative<error>(refused));
  CHECK(std::get<error>(refused).code == errc::too_many);
  CHECK(std::get<error>(refused).field == "members");
}

TEST_CASE("create: a conversation is created once") {
  const auto state = group_of(lunch, {{ann, role::owner}});
  const auto refused = ask(create({}), {}, state);
  REQUIRE(std::holds_alternative<error>(refused));
  CHECK(std::get<error>(refused).code == errc::conflict);
}

TEST_CASE("create: a repetition answers the first one") {
  const auto state = group_of(lunch, {{ann, role::owner}});
  auto request = create({});
  request.client = client_number(1);
  CHECK(std::get<needs_lookup>(ask(request, {}, state)).client);
  CHECK(std::get<already_written>(ask(request, {.client = written{1, moment(1), print_number(1)}}, state)).first.seq ==
        1);
  const auto other = ask(request, {.client = written{1, moment(1), print_number(2)}}, state);
  CHECK(std::get<error>(other).code == errc::client_id_conflict);
}

} // namespace parley::tests
