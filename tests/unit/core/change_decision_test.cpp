#include <doctest/doctest.h>

#include <parley/append_decision.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const recent_clients nothing_recent;
constexpr append_limits limits{.members_max = 5, .push_max = 3};

append_decision ask(const user_id& author, append_content content, const conversation_state& state,
                    const looked_up& facts = {}) {
  append_request request{.author = author};
  request.content = std::move(content);
  request.print = print_number(1);
  return decide(state, nothing_recent, request, facts, moment(9), limits);
}

/// ann owns, bob is a member, cy reads; entry 2 is bob's message.
conversation_state lunch_group() {
  auto state = group_of(lunch, {{ann, role::owner}, {bob, role::member}, {cy, role::reader}});
  REQUIRE(state.apply(message(lunch, 2, bob)));
  return state;
}

looked_up about(target_facts target) { return {.target = std::move(target)}; }
const target_facts of_bob{.kind = entry_kind::message, .author = bob, .at = moment(2)};

errc code_of(const append_decision& decision) {
  REQUIRE(std::holds_alternative<error>(decision));
  return std::get<error>(decision).code;
}

entry entry_of(const append_decision& decision) {
  REQUIRE(std::holds_alternative<entry>(decision));
  return std::get<entry>(decision);
}

seq_no unchanged_by(const append_decision& decision) {
  REQUIRE(std::holds_alternative<unchanged>(decision));
  return std::get<unchanged>(decision).seq;
}

} // namespace

TEST_CASE("change: what is to be changed is looked up first") {
  for (const append_content& content :
       {append_content{edit_content{2, R"({"text":"x"})"}}, append_content{delete_content{2}},
        append_content{react_content{2, "+", true}}}) {
    const auto decision = ask(bob, content, lunch_group());
    REQUIRE(std::holds_alternative<needs_lookup>(decision));
    CHECK(std::get<needs_lookup>(decision).target == 2);
  }
}

TEST_CASE("change: there is no such entry above the head, nor before one joined a group that begins at the join") {
  CHECK(code_of(ask(bob, delete_content{3}, lunch_group())) == errc::not_found);
  CHECK(code_of(ask(bob, react_content{99, "+", true}, lunch_group())) == errc::not_found);
}

TEST_CASE("change: readers and strangers change nothing") {
  CHECK(code_of(ask(cy, delete_content{2}, lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(cy, react_content{2, "+", true}, lunch_group())) == errc::forbidden);
  CHECK(code_of(ask(user_id{"dan"}, delete_content{2}, lunch_group())) == errc::not_found);
}

TEST_CASE("change: only messages are changed") {
  const target_facts joined{.kind = entry_kind::member, .author = ann};
  CHECK(code_of(ask(ann, edit_content{1, "{}"}, lunch_group(), about(joined))) == errc::invalid_argument);
  CHECK(code_of(ask(ann, delete_content{1}, lunch_group(), about(joined))) == errc::invalid_argument);
}

TEST_CASE("edit: its author may, nobody else, and not after the deletion") {
  const auto fresh = entry_of(ask(bob, edit_content{2, R"({"text":"x"})"}, lunch_group(), about(of_bob)));
  CHECK(fresh.kind == entry_kind::edited);
  CHECK(fresh.target == 2);
  CHECK(fresh.body == R"({"text":"x"})");
  CHECK_FALSE(fresh.countable);
  CHECK(code_of(ask(ann, edit_content{2, "{}"}, lunch_group(), about(of_bob))) == errc::forbidden);
  auto gone = of_bob;
  gone.deleted_by = 3;
  CHECK(code_of(ask(bob, edit_content{2, "{}"}, lunch_group(), about(gone))) == errc::conflict);
}

TEST_CASE("delete: its author and who manages the group may; a second one changes nothing") {
  CHECK(entry_of(ask(bob, delete_content{2}, lunch_group(), about(of_bob))).kind == entry_kind::deleted);
  CHECK(entry_of(ask(ann, delete_content{2}, lunch_group(), about(of_bob))).target == 2);
  auto gone = of_bob;
  gone.deleted_by = 7;
  CHECK(unchanged_by(ask(bob, delete_content{2}, lunch_group(), about(gone))) == 7);
  auto of_ann = of_bob;
  of_ann.author = ann;
  CHECK(code_of(ask(bob, delete_content{2}, lunch_group(), about(of_ann))) == errc::forbidden);
}

TEST_CASE("react: the same again names the entry that made it so, else the target") {
  const auto fresh = entry_of(ask(ann, react_content{2, "+", true}, lunch_group(), about(of_bob)));
  CHECK(fresh.kind == entry_kind::reaction);
  CHECK(fresh.body == R"({"key":"+","on":true})");
  auto liked = of_bob;
  liked.reacts = true;
  liked.reacted_by = 5;
  CHECK(unchanged_by(ask(ann, react_content{2, "+", true}, lunch_group(), about(liked))) == 5);
  CHECK(entry_of(ask(ann, react_content{2, "+", false}, lunch_group(), about(liked))).target == 2);
  CHECK(unchanged_by(ask(ann, react_content{2, "+", false}, lunch_group(), about(of_bob))) == 2);
}

TEST_CASE("block: in a 1:1 it is looked up, and refuses messages, edits and reactions, but no deletion") {
  conversation_state state{lunch};
  state.become_direct(ann, bob, moment(1));
  REQUIRE(state.apply(message(lunch, 1, ann)));
  const auto decision = ask(ann, message_content{.body = "{}"}, state);
  REQUIRE(std::holds_alternative<needs_lookup>(decision));
  CHECK(std::get<needs_lookup>(decision).block);
  const target_facts of_ann{.author = ann};
  const looked_up blocked{.target = of_ann, .is_blocked = true}, free{.target = of_ann, .is_blocked = false};
  CHECK(code_of(ask(ann, message_content{.body = "{}"}, state, blocked)) == errc::blocked);
  CHECK(code_of(ask(ann, edit_content{1, "{}"}, state, blocked)) == errc::blocked);
  CHECK(code_of(ask(ann, react_content{1, "+", true}, state, blocked)) == errc::blocked);
  CHECK(entry_of(ask(ann, delete_content{1}, state, blocked)).kind == entry_kind::deleted);
  CHECK(entry_of(ask(ann, message_content{.body = "{}"}, state, free)).seq == 2);
}

TEST_CASE("attachments: those that the author may not read are not sent") {
  const file_id file{uuid{}};
  const message_content content{.body = "{}", .files = {file}};
  const auto decision = ask(bob, content, lunch_group());
  REQUIRE(std::holds_alternative<needs_lookup>(decision));
  CHECK(std::get<needs_lookup>(decision).files);
  CHECK(code_of(ask(bob, content, lunch_group(), {.missing_files = std::vector{file}})) == errc::not_found);
  CHECK(entry_of(ask(bob, content, lunch_group(), {.missing_files = std::vector<file_id>{}})).seq == 3);
}

} // namespace parley::tests
