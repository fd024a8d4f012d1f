#include <doctest/doctest.h>

#include <parley/codec.hpp>
#include <parley/encoder.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

using enum member_change::action_kind;

TEST_CASE("member entry: its body is read back as it was written") {
  const member_change changes[]{
      {.action = create, .users = {ann, bob}, .title = "a\"b", .history = history_policy::joined},
      {.action = create, .users = {ann}, .mode = delivery_mode::pull, .data = R"({"a":1})"},
      {.action = add, .users = {bob}, .new_role = role::reader},
      {.action = add, .users = {bob, cy}},
      {.action = remove, .users = {bob}},
      {.action = leave, .users = {bob}},
      {.action = role, .users = {bob}, .new_role = role::owner},
  };
  for (const auto& change : changes) {
    const auto body = encode_body(change);
    CAPTURE(body);
    const auto read = decode_member_change(body);
    REQUIRE(read);
    CHECK(read->action == change.action);
    CHECK(read->users == change.users);
    CHECK(read->new_role == change.new_role);
    CHECK(read->title == change.title);
    CHECK(read->history == change.history);
    CHECK(read->mode == change.mode);
    CHECK(read->data == change.data);
  }
}

TEST_CASE("member entry: its body is drawn as the protocol has it") {
  CHECK(encode_body({.action = create, .users = {ann, bob}, .title = "Lunch"}) ==
        R"({"action":"create","users":["ann","bob"],"title":"Lunch","history":"all","mode":"push"})");
  CHECK(encode_body({.action = add, .users = {bob}, .new_role = role::admin}) ==
        R"({"action":"add","users":["bob"],"role":"admin"})");
  CHECK(encode_body({.action = leave, .users = {bob}}) == R"({"action":"leave","users":["bob"]})");
}

TEST_CASE("member entry: a body that is none is refused") {
  for (const auto* body : {"", "{}", R"({"action":"x","users":[]})", R"({"action":"add","users":"bob"})"}) {
    CAPTURE(body);
    CHECK_FALSE(decode_member_change(body));
  }
}

TEST_CASE("model: roles are read by their names") {
  CHECK(parse_role("owner") == role::owner);
  CHECK(parse_role("admin") == role::admin);
  CHECK(parse_role("member") == role::member);
  CHECK(parse_role("reader") == role::reader);
  CHECK_FALSE(parse_role("king"));
}

} // namespace parley::tests
