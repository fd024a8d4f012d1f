#include <doctest/doctest.h>

#include <string>

#include <parley_newer_wire_pb/newer.pb.h>
#include <parley_wire_pb/messages.pb.h>

#include "cluster/wire/envelope.hpp"
#include "tests/unit/cluster/wire/travelling.hpp"

namespace parley::tests {

using namespace cluster::wire;

namespace {

newer::newer_envelope newer_envelope() {
  newer::newer_envelope made;
  made.set_type("conversation");
  made.set_key("k");
  made.set_kind(77);
  made.set_view(3);
  made.set_deadline_ms(5'000);
  made.set_correlation(9);
  made.set_hops(1);
  made.set_body("what only a newer version knows");
  made.set_priority(1ULL << 60);
  made.set_word(newer::word_new);
  made.set_stamp(2);
  made.set_checksum(3);
  auto& part = *made.add_parts();
  part.set_text("part");
  part.add_numbers(4);
  part.add_numbers(500);
  made.add_parts()->set_text("another");
  return made;
}

error refusal(message_kind kind, const std::string& bytes) {
  const auto received = decode(kind, bytes, any_link());
  REQUIRE(!received);
  return received.error();
}

} // namespace

TEST_CASE("newer versions: an envelope passed on by an older node loses nothing") {
  const auto sent = newer_envelope();
  auto bytes = sent.SerializeAsString();
  for (std::uint32_t hop = 1; hop <= 3; ++hop) {
    auto received = decode_envelope(bytes, 10'000);
    REQUIRE(received);
    CHECK(received->to == actors::address{"conversation", "k"});
    CHECK(received->kind == message_kind{77});
    CHECK(!received->unknown_fields.empty());
    ++received->hops;
    bytes = encode_envelope(std::move(*received));
  }
  newer::newer_envelope arrived;
  REQUIRE(arrived.ParseFromString(bytes));
  CHECK(arrived.hops() == 4);
  arrived.set_hops(1);
  CHECK(arrived.SerializeAsString() == sent.SerializeAsString());
  CHECK(arrived.word() == newer::word_new);
  CHECK(arrived.parts(0).numbers(1) == 500);
}

TEST_CASE("newer versions: fields that are not known are passed over in a message") {
  newer::newer_tell_typing sent;
  sent.set_user("ann");
  sent.set_on(true);
  sent.mutable_what()->set_text("a voice message");
  sent.set_device("phone");
  const auto received = decode(message_kind::tell_typing, sent.SerializeAsString(), any_link());
  REQUIRE(received);
  CHECK(same(received->get_as<actors::tell_typing>(0), actors::tell_typing{{"ann"}, true}));
}

TEST_CASE("newer versions: a kind of content that is not known is refused, not taken for another") {
  newer::newer_append_entry sent;
  sent.mutable_request()->set_author("ann");
  sent.mutable_request()->mutable_poll()->set_text("lunch?");
  const auto why = refusal(message_kind::append_entry, sent.SerializeAsString());
  CHECK(why.code == errc::unknown_type);
  CHECK(why.detail == "append_entry: the content of an entry is absent, or of a kind that only a newer version knows");
}

TEST_CASE("newer versions: a code of an error that is not known is an internal error with its words") {
  pb::error sent;
  sent.set_code(static_cast<pb::error_code>(99));
  sent.set_detail("too early");
  sent.set_field("at");
  const auto received = decode(message_kind::error, sent.SerializeAsString(), any_link());
  REQUIRE(received);
  CHECK(received->get_as<error>(0) == error{errc::internal, "too early", "at", {}});
}

TEST_CASE("newer versions: a role, an action, a mode or a presence that is not known is refused with its number") {
  pb::append_entry append;
  auto& membership = *append.mutable_request()->mutable_membership();
  membership.set_new_role(static_cast<pb::member_role>(9));
  auto why = refusal(message_kind::append_entry, append.SerializeAsString());
  CHECK(why.code == errc::unknown_type);
  CHECK(why.detail == "append_entry: role has the number 9, which only a newer version knows");

  membership.set_new_role(pb::role_admin);
  membership.set_action(static_cast<pb::member_action>(-1));
  why = refusal(message_kind::append_entry, append.SerializeAsString());
  CHECK(why.detail == "append_entry: action has the number -1, which only a newer version knows");

  append.mutable_request()->mutable_update()->set_mode(static_cast<pb::delivery_manner>(3));
  why = refusal(message_kind::append_entry, append.SerializeAsString());
  CHECK(why.detail == "append_entry: mode has the number 3, which only a newer version knows");

  pb::show_presence presence;
  presence.set_choice(static_cast<pb::presence_shown>(4));
  why = refusal(message_kind::show_presence, presence.SerializeAsString());
  CHECK(why.detail == "show_presence: presence has the number 4, which only a newer version knows");
}

TEST_CASE("newer versions: what an older one did not say has its default") {
  pb::append_entry append;
  append.mutable_request()->mutable_membership();
  const auto received = decode(message_kind::append_entry, append.SerializeAsString(), any_link());
  REQUIRE(received);
  const auto& content = received->get_as<actors::append_entry>(0).request.content;
  CHECK(same(std::get<membership_content>(content), membership_content{}));

  append.mutable_request()->mutable_create();
  const auto created = decode(message_kind::append_entry, append.SerializeAsString(), any_link());
  REQUIRE(created);
  CHECK(same(std::get<create_request>(created->get_as<actors::append_entry>(0).request.content), create_request{}));
}

} // namespace parley::tests
