#include <doctest/doctest.h>

#include <string>

#include <caf/make_message.hpp>
#include <fmt/format.h>

#include "tests/unit/cluster/wire/travelling.hpp"

namespace parley::tests {

using namespace cluster::wire;

namespace {

/// What comes out of `message` at the other node; fails the test if nothing does.
caf::message travelled(const travelling& kind, const caf::message& message) {
  const auto sent = encode(message);
  REQUIRE_MESSAGE(sent.has_value(), sent.error().detail);
  CHECK(sent->kind == kind.kind);
  const auto received = decode(sent->kind, sent->bytes, any_link());
  REQUIRE_MESSAGE(received.has_value(), received.error().detail);
  return *received;
}

/// Whether the message comes out as it went in.
void check_round_trip(const travelling& kind, filling how, std::uint64_t number) {
  const auto message = make(kind, how, number);
  CHECK_MESSAGE(kind.are_same(message, travelled(kind, message)), to_string(kind.kind), " PARLEY_SEED=", number);
}

error failure_of(const result<caf::message>& what) {
  REQUIRE(!what);
  return what.error();
}

/// The conversation id that is 1, 2, …, 16.
conversation_id counted_id() {
  conversation_id id;
  for (std::size_t i = 0; i < 16; ++i) id.value.bytes.at(i) = static_cast<std::uint8_t>(i + 1);
  return id;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

} // namespace

TEST_CASE("wire: every kind of message arrives as it was sent, with nothing in it") {
  for (const auto& kind : all_travelling())
    for (std::uint64_t alternative = 0; alternative < 8; ++alternative)
      check_round_trip(kind, filling::nothing, alternative);
}

TEST_CASE("wire: every kind of message arrives as it was sent, with every member and each alternative") {
  // More than any enum has values.
  for (const auto& kind : all_travelling())
    for (std::uint64_t alternative = 0; alternative < 40; ++alternative)
      check_round_trip(kind, filling::everything, alternative);
}

TEST_CASE("wire: whatever a message holds, it arrives as it was sent") {
  const auto seed = first_seed();
  MESSAGE("messages from PARLEY_SEED=", seed);
  for (std::uint64_t i = 0; i < 1'000; ++i)
    for (const auto& kind : all_travelling()) check_round_trip(kind, filling::anything, seed + i);
}

TEST_CASE("wire: the comparison of these tests sees each member") {
  for (const auto& kind : all_travelling()) {
    const auto is_empty = kind.kind == message_kind::completed || kind.kind == message_kind::settle_positions;
    const auto one = make(kind, filling::everything, 1);
    CHECK(kind.are_same(one, make(kind, filling::everything, 1)));
    CHECK(kind.are_same(one, make(kind, filling::nothing, 1)) == is_empty);
  }
}

TEST_CASE("wire: a link is made for the session that asks") {
  session_id asked;
  const link_maker maker = [&](const session_id& session) {
    asked = session;
    return the_link();
  };
  const session_id session{counted_id().value};
  for (const auto& message : {caf::make_message(actors::begin_focus{.user = {"ann"}, .session = session}),
                              caf::make_message(actors::watch_presence{.watcher = {"ann"}, .session = session})}) {
    asked = {};
    const auto sent = encode(message);
    REQUIRE(sent);
    CHECK(decode(sent->kind, sent->bytes, maker));
    CHECK(asked == session);
  }
}

TEST_CASE("wire: without a way to make links there are none") {
  const auto sent = encode(caf::make_message(actors::begin_focus{.user = {"ann"}, .link = the_link()}));
  REQUIRE(sent);
  const auto received = decode(sent->kind, sent->bytes, nullptr);
  REQUIRE(received);
  CHECK(received->get_as<actors::begin_focus>(0).link == nullptr);
}

TEST_CASE("wire: the bytes of version 1 stay as they are") {
  const auto typing = encode(caf::make_message(actors::tell_typing{{"ann"}, true}));
  REQUIRE(typing);
  CHECK(static_cast<std::uint32_t>(typing->kind) == 5);
  CHECK(hex(typing->bytes) == "0a03616e6e1001");

  const auto refused = encode(caf::make_message(error{errc::not_found, "no", "to", std::chrono::milliseconds{5}}));
  REQUIRE(refused);
  CHECK(static_cast<std::uint32_t>(refused->kind) == 42);
  CHECK(hex(refused->bytes) == "0808"
                               "12026e6f"
                               "1a02746f"
                               "2005");

  const auto hint = encode(caf::make_message(fan_out{{{"ann"}, {"bob"}}, {}, hint_call{counted_id(), 300}}));
  REQUIRE(hint);
  CHECK(static_cast<std::uint32_t>(hint->kind) == 50);
  CHECK(hex(hint->bytes) == "0a03616e6e"
                            "0a03626f62"
                            "1a17"
                            "2215"
                            "0a100102030405060708090a0b0c0d0e0f10"
                            "10ac02");
}

TEST_CASE("wire: a message that does not travel is refused where it is sent") {
  for (const auto& message :
       {caf::make_message(actors::wind_up{}), caf::make_message(std::string{"hello"}), caf::make_message(42),
        caf::make_message(), caf::message{}, caf::make_message(actors::completed{}, actors::completed{})}) {
    const auto sent = encode(message);
    REQUIRE(!sent);
    CHECK(sent.error().code == errc::internal);
    CHECK(sent.error().detail.find("does not travel") != std::string::npos);
  }
}

TEST_CASE("wire: a kind that is not known is refused with its number") {
  for (const auto number : {0U, 9U, 63U, 64U, 77U, 1'000'000U, 4'294'967'295U}) {
    const auto why = failure_of(decode(message_kind{number}, "", any_link()));
    CHECK(why.code == errc::unknown_type);
    CHECK(why.detail == fmt::format("kind {} is none that this version knows", number));
  }
}

TEST_CASE("wire: what is too large is neither sent nor read") {
  const auto message = caf::make_message(error{errc::internal, std::string(100, 'x'), {}, {}});
  const auto sent = encode(message);
  REQUIRE(sent);
  const auto bytes = sent->bytes.size();
  CHECK(encode(message, bytes));
  CHECK(decode(sent->kind, sent->bytes, any_link(), bytes));

  const auto unsent = encode(message, bytes - 1);
  REQUIRE(!unsent);
  CHECK(unsent.error().code == errc::too_large);
  CHECK(unsent.error().detail == fmt::format("error of {} bytes; at most {} may travel", bytes, bytes - 1));
  CHECK(failure_of(decode(sent->kind, sent->bytes, any_link(), bytes - 1)).code == errc::too_large);
  // Not even looked at: these bytes would be malformed.
  CHECK(failure_of(decode(sent->kind, std::string(11, '\xff'), any_link(), 10)).code == errc::too_large);
}

TEST_CASE("wire: bytes that are no message are refused with the kind that they should be") {
  for (const auto& kind : all_travelling()) {
    const auto why = failure_of(decode(kind.kind, "\xff\xff\xff", any_link()));
    CHECK(why.code == errc::bad_frame);
    CHECK(why.detail == fmt::format("3 bytes that are no {}", to_string(kind.kind)));
  }
}

TEST_CASE("wire: an id that has not sixteen bytes is refused, and what is wrong named") {
  const auto end_focus = failure_of(decode(message_kind::end_focus,
                                           "\x0a\x03"
                                           "abc",
                                           any_link()));
  CHECK(end_focus.code == errc::bad_frame);
  CHECK(end_focus.detail == "end_focus: session cannot have 3 bytes");
  const auto deliver = failure_of(decode(message_kind::deliver,
                                         "\x0a\x11"
                                         "0123456789abcdefg",
                                         any_link()));
  CHECK(deliver.code == errc::bad_frame);
  CHECK(deliver.detail == "deliver: sessions cannot have 17 bytes");
}

TEST_CASE("wire: an append without content and a delivery without a call are refused") {
  const auto append = failure_of(decode(message_kind::append_entry, "", any_link()));
  CHECK(append.code == errc::unknown_type);
  CHECK(append.detail.starts_with("append_entry: the content of an entry is absent"));
  CHECK(failure_of(decode(message_kind::fan_out, "", any_link())).code == errc::unknown_type);
  CHECK(failure_of(decode(message_kind::deliver, "", any_link())).code == errc::unknown_type);
}

} // namespace parley::tests
