#include <doctest/doctest.h>

#include <parley/append_decision.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const recent_clients nothing_recent;
constexpr append_limits limits{.members_max = 100, .push_max = 50};

append_request post(const user_id& author) {
  append_request request{.author = author};
  message_content content;
  content.body = R"({"text":"hi"})";
  request.content = content;
  request.print = print_number(1);
  return request;
}

append_request post_as(const user_id& author, const client_id& client) {
  auto request = post(author);
  request.client = client;
  return request;
}

message_content& content_of(append_request& request) { return std::get<message_content>(request.content); }

append_decision ask(const append_request& request, const conversation_state& state,
                    const recent_clients& recent = nothing_recent, const looked_up& facts = {},
                    timestamp now = moment(5)) {
  return decide(state, recent, request, facts, now, limits);
}

void check_refused(const append_decision& decision, errc code, std::string_view field = {}) {
  REQUIRE(std::holds_alternative<error>(decision));
  CHECK(std::get<error>(decision).code == code);
  CHECK(std::get<error>(decision).field == field);
}

void check_asks(const append_decision& decision, const needs_lookup& expected) {
  REQUIRE(std::holds_alternative<needs_lookup>(decision));
  const auto& asked = std::get<needs_lookup>(decision);
  CHECK(asked.client == expected.client);
  CHECK(asked.target == expected.target);
  CHECK(asked.users == expected.users);
  CHECK(asked.files == expected.files);
  CHECK(asked.block == expected.block);
}

conversation_state lunch_group() {
  return group_of(lunch, {{ann, role::owner}, {bob, role::member}, {cy, role::reader}});
}

const looked_up not_written{.client = std::optional<written>{}};

} // namespace

TEST_CASE("append: a member's message becomes the entry behind the head") {
  const auto state = lunch_group();
  const auto request = post_as(bob, client_number(1));
  const auto decision = ask(request, state);
  REQUIRE(std::holds_alternative<entry>(decision));
  CHECK(std::get<entry>(decision) == entry{.conversation = lunch,
                                           .seq = 2,
                                           .kind = entry_kind::message,
                                           .author = bob,
                                           .client = client_number(1),
                                           .target = 0,
                                           .body = R"({"text":"hi"})",
                                           .at = moment(5),
                                           .countable = true,
                                           .print = print_number(1)});
}

TEST_CASE("append: a silent message is not countable") {
  auto request = post(ann);
  content_of(request).silent = true;
  const auto decision = ask(request, lunch_group());
  CHECK_FALSE(std::get<entry>(decision).countable);
}

TEST_CASE("append: an entry is never older than the one before") {
  auto state = lunch_group();
  REQUIRE(state.apply(message(lunch, 2, ann, moment(9))));
  const auto request = post(ann);
  CHECK(std::get<entry>(ask(request, state, nothing_recent, {}, moment(5))).at == moment(9));
}

TEST_CASE("append: strangers are told that there is no such conversation, readers that they may not") {
  const auto stranger = post(user_id{"dan"});
  check_refused(ask(stranger, lunch_group()), errc::not_found, "conversation");
  check_refused(ask(stranger, conversation_state{lunch}), errc::not_found, "conversation");
  const auto reader = post(cy);
  check_refused(ask(reader, lunch_group()), errc::forbidden);
}

TEST_CASE("append: who left is a stranger") {
  auto state = lunch_group();
  REQUIRE(state.apply(membership(lunch, 2, bob, {.action = member_change::action_kind::leave, .users = {bob}})));
  const auto request = post(bob);
  check_refused(ask(request, state), errc::not_found, "conversation");
}

TEST_CASE("append: only members can be mentioned") {
  auto request = post(ann);
  content_of(request).mentions = {bob, cy};
  CHECK(std::holds_alternative<entry>(ask(request, lunch_group())));
  content_of(request).mentions = {bob, user_id{"dan"}};
  check_refused(ask(request, lunch_group()), errc::invalid_argument, "mentions");
}

TEST_CASE("append: a reply needs a message to reply to, which the log is asked for") {
  auto request = post(ann);
  content_of(request).reply_to = 2;
  check_refused(ask(request, lunch_group()), errc::invalid_argument, "replyTo");

  content_of(request).reply_to = 1;
  check_asks(ask(request, lunch_group()), {.target = 1});
  check_refused(ask(request, lunch_group(), nothing_recent, {.target = target_facts{.kind = entry_kind::member}}),
                errc::invalid_argument, "replyTo");
  CHECK(std::holds_alternative<entry>(ask(request, lunch_group(), nothing_recent, {.target = target_facts{}})));
}

TEST_CASE("append: a reply with a client id asks for both at once") {
  auto request = post_as(ann, client_number(1));
  content_of(request).reply_to = 1;
  check_asks(ask(request, lunch_group()), {.client = true, .target = 1});
}

TEST_CASE("append: a message is written without asking the log whether it is a repetition") {
  // The unique key of the log decides that when it is written.
  const auto request = post_as(ann, client_number(1));
  CHECK(std::holds_alternative<entry>(ask(request, lunch_group())));
}

TEST_CASE("append: a repetition is answered with its first place, another content is a conflict") {
  recent_clients recent;
  recent.remember(ann, client_number(1), {7, moment(1), print_number(1)});
  auto request = post_as(ann, client_number(1));
  const auto decision = ask(request, lunch_group(), recent);
  REQUIRE(std::holds_alternative<already_written>(decision));
  CHECK(std::get<already_written>(decision).first.seq == 7);
  CHECK(std::get<already_written>(decision).first.at == moment(1));

  request.print = print_number(2);
  check_refused(ask(request, lunch_group(), recent), errc::client_id_conflict, "clientId");
}

TEST_CASE("append: the same client id of another author is no repetition") {
  recent_clients recent;
  recent.remember(ann, client_number(1), {7, moment(1), print_number(1)});
  const auto request = post_as(bob, client_number(1));
  CHECK(std::holds_alternative<entry>(ask(request, lunch_group(), recent)));
}

TEST_CASE("append: a repetition found in the log counts as one in memory") {
  auto request = post_as(ann, client_number(1));
  const looked_up facts{.client = written{7, moment(1), print_number(1)}};
  CHECK(std::get<already_written>(ask(request, lunch_group(), nothing_recent, facts)).first.seq == 7);
  request.print = print_number(2);
  check_refused(ask(request, lunch_group(), nothing_recent, facts), errc::client_id_conflict, "clientId");
}

TEST_CASE("append: a repetition is answered whatever happened since") {
  auto state = lunch_group();
  REQUIRE(state.apply(membership(lunch, 2, ann, {.action = member_change::action_kind::remove, .users = {bob}})));
  auto request = post_as(bob, client_number(1));
  SUBCASE("the author was removed") {}
  SUBCASE("and is over its rate") { request.over_rate = error{errc::rate_limited, "slow down", {}, {}}; }
  SUBCASE("and the reply would not be allowed today") { content_of(request).reply_to = 99; }

  recent_clients recent;
  recent.remember(bob, client_number(1), {1, moment(1), print_number(1)});
  CHECK(std::holds_alternative<already_written>(ask(request, state, recent)));
  // Memory may have forgotten it: the log is asked before the refusal.
  check_asks(ask(request, state), {.client = true});
  CHECK(std::holds_alternative<already_written>(
      ask(request, state, nothing_recent, {.client = written{1, moment(1), print_number(1)}})));
  CHECK(std::holds_alternative<error>(ask(request, state, nothing_recent, not_written)));
}

TEST_CASE("append: without a client id a refusal asks nothing") {
  auto request = post(user_id{"dan"});
  check_refused(ask(request, lunch_group()), errc::not_found, "conversation");
  request = post(ann);
  request.over_rate = error{errc::rate_limited, "slow down", {}, std::chrono::milliseconds{70}};
  const auto decision = ask(request, lunch_group());
  check_refused(decision, errc::rate_limited);
  CHECK(std::get<error>(decision).retry_after == std::chrono::milliseconds{70});
}

TEST_CASE("append: an empty conversation has no repetitions to ask for") {
  const auto request = post_as(user_id{"dan"}, client_number(1));
  check_refused(ask(request, conversation_state{lunch}), errc::not_found, "conversation");
}

TEST_CASE("append: the first message needs its receiver to exist") {
  auto request = post(ann);
  request.must_exist = {bob};
  const auto state = direct_of(lunch, ann, bob);
  check_asks(ask(request, state), {.users = true, .block = true});
  check_refused(ask(request, state, nothing_recent, {.missing_users = std::vector{bob}, .is_blocked = false}),
                errc::not_found, "to");
  const auto decision =
      ask(request, state, nothing_recent, {.missing_users = std::vector<user_id>{}, .is_blocked = false});
  CHECK(std::get<entry>(decision).seq == 1);
}

TEST_CASE("append: later messages do not ask for the receiver again") {
  auto state = direct_of(lunch, ann, bob);
  REQUIRE(state.apply(message(lunch, 1, ann)));
  auto request = post(ann);
  request.must_exist = {bob};
  CHECK(std::get<entry>(ask(request, state, nothing_recent, {.is_blocked = false})).seq == 2);
}

} // namespace parley::tests
