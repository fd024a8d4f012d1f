#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

#include <parley/ids.hpp>

namespace parley {

namespace {

template <class Id> void check_refused(const result<Id>& read, std::string_view field) {
  REQUIRE_FALSE(read);
  CHECK(read.error().code == errc::invalid_argument);
  CHECK(read.error().field == field);
}

} // namespace

TEST_CASE("user id: letters, digits and . _ @ + - are accepted, up to 128") {
  for (const auto& text : {std::string{"a"}, std::string{"Z9"}, std::string{"0"}, std::string{"ann@example.org"},
                           std::string{"a.b_c+d-e"}, std::string(128, 'x')}) {
    CAPTURE(text);
    const auto read = parse_user_id(text);
    REQUIRE(read);
    CHECK(read->value == text);
  }
}

TEST_CASE("user id: everything else is refused with the field") {
  for (const auto& text :
       {std::string{}, std::string(129, 'x'), std::string{".ann"}, std::string{"-ann"}, std::string{"@ann"},
        std::string{"an n"}, std::string{"an/n"}, std::string{"änn"}, std::string{"ann\n"}, std::string{"a\0n", 3}}) {
    CAPTURE(text);
    check_refused(parse_user_id(text), "user");
    check_refused(parse_user_id(text, "to"), "to");
  }
}

TEST_CASE("user id: case matters") { CHECK(*parse_user_id("Ann") != *parse_user_id("ann")); }

TEST_CASE("device id: letters, digits and . _ - are accepted, up to 64") {
  for (const auto& text : {std::string{"phone"}, std::string{"-"}, std::string{".x_1"}, std::string(64, 'd')}) {
    CAPTURE(text);
    CHECK(parse_device_id(text));
  }
  for (const auto& text : {std::string{}, std::string(65, 'd'), std::string{"my phone"}, std::string{"a@b"}}) {
    CAPTURE(text);
    check_refused(parse_device_id(text), "device");
  }
}

TEST_CASE("conversation and client ids: a UUID in either case, else refused with the field") {
  const std::string_view text = "018F2A7C-0000-7ABC-8DEF-0123456789AB";
  CHECK(to_string(*parse_conversation_id(text)) == "018f2a7c-0000-7abc-8def-0123456789ab");
  CHECK(to_string(*parse_client_id(text)) == "018f2a7c-0000-7abc-8def-0123456789ab");
  check_refused(parse_conversation_id("lunch"), "conversation");
  check_refused(parse_client_id(""), "clientId");
}

TEST_CASE("direct conversation: both users mean the same one") {
  const user_id ann{"ann"}, bob{"bob"};
  CHECK(direct_conversation(ann, bob) == direct_conversation(bob, ann));
  CHECK(direct_conversation(ann, bob).value == named_uuid("direct ann bob"));
  CHECK(direct_conversation(ann, user_id{"Bob"}) != direct_conversation(ann, bob));
}

TEST_CASE("session name: it has the node, and gives the session back whatever the node is called") {
  const session_id id{random_uuid()};
  for (const auto* node : {"node-1", "n", "a-b-c.example.org"}) {
    const auto name = session_name(node, id);
    CHECK(name.starts_with(std::string{"s-"} + node + "-"));
    CHECK(parse_session_name(name) == id);
  }
  for (const auto* none : {"", "s-", "s-1", "s-node-1", "node-1-01234567-89ab-cdef-0123-456789abcdef",
                           "s--01234567-89ab-cdef-0123-456789abcdef", "s-n-01234567-89ab-cdef-0123-456789abcdeg",
                           "s-n+01234567-89ab-cdef-0123-456789abcdef"})
    CHECK_FALSE(parse_session_name(none));
}

TEST_CASE("direct conversation: different pairs have different ids, however their names are cut") {
  std::unordered_set<conversation_id> ids;
  const std::vector<std::string> names{"a", "b", "ab", "a.b", "b.a", "a-", "a+b", "aa", "abb"};
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t j = i + 1; j < names.size(); ++j, ++pairs)
      ids.insert(direct_conversation(user_id{names[i]}, user_id{names[j]}));
  CHECK(ids.size() == pairs);
}

TEST_CASE("random conversation: every one is new") { CHECK(random_conversation() != random_conversation()); }

} // namespace parley
