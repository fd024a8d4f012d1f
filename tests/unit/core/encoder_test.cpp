#include <doctest/doctest.h>

#include <parley/encoder.hpp>
#include <parley/json_text.hpp>
#include <parley/live_entry.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

using namespace std::chrono_literals;

namespace {

const auto lunch = conversation_number(1);

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

entry whole_message() {
  auto item = message(lunch, 42, ann, moment(5));
  item.client = client_number(1);
  item.body = R"({"text":"hi","replyTo":41})";
  return item;
}

} // namespace

TEST_CASE("encoder: text is quoted with the escapes that JSON needs and no others") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("grüße 👋 /") == R"("grüße 👋 /")");
  CHECK(quoted("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quoted("\n\r\t\b\f") == R"("\n\r\t\b\f")");
  CHECK(quoted(std::string_view{"\0\x01\x1f", 3}) == R"("\u0000\u0001\u001f")");
  CHECK(quoted("\x7f") == "\"\x7f\"");
}

TEST_CASE("encoder: numbers are written in full") {
  std::string out;
  append_number(out, std::uint64_t{18'446'744'073'709'551'615U});
  append_number(out, std::int64_t{-9'223'372'036'854'775'807 - 1});
  CHECK(out == "18446744073709551615-9223372036854775808");
}

TEST_CASE("encoder: an entry is left open, its client id is for the author") {
  CHECK(encode_entry(whole_message(), false) ==
        R"({"type":"message","conversation":"00000000-0000-0000-0000-000000000001","seq":42,)"
        R"("id":"00000000-0000-0000-0000-000000000001:42","from":"ann","text":"hi","replyTo":41,"ts":1790000000005)");
  CHECK(encode_entry(whole_message(), true) ==
        R"({"type":"message","conversation":"00000000-0000-0000-0000-000000000001","seq":42,)"
        R"("id":"00000000-0000-0000-0000-000000000001:42","from":"ann",)"
        R"("clientId":"01000000-0000-0000-0000-000000000000","text":"hi","replyTo":41,"ts":1790000000005)");
  CHECK(close_frame(17) == R"(,"s":17})");
}

TEST_CASE("encoder: an entry about another one names it, an empty body adds nothing") {
  auto item = message(lunch, 43, ann);
  item.kind = entry_kind::deleted;
  item.target = 42;
  item.body = "{}";
  CHECK(encode_entry(item, false) ==
        R"({"type":"deleted","conversation":"00000000-0000-0000-0000-000000000001","seq":43,)"
        R"("id":"00000000-0000-0000-0000-000000000001:43","from":"ann","target":42,"ts":1790000000000)");
}

TEST_CASE("encoder: every kind of entry has the type of the protocol") {
  using enum entry_kind;
  for (const auto& [kind, name] :
       {std::pair{message, "message"}, std::pair{edited, "edited"}, std::pair{deleted, "deleted"},
        std::pair{reaction, "reaction"}, std::pair{entry_kind::member, "member"}, std::pair{updated, "updated"}}) {
    auto item = tests::message(lunch, 1, ann);
    item.kind = kind;
    CHECK(encode_entry(item, false).starts_with(std::string{R"({"type":")"} + name + '"'));
  }
}

TEST_CASE("encoder: a live entry has a frame for its author and one for the others") {
  const auto live = make_live(whole_message());
  CHECK(live->frame_for(bob) == encode_entry(whole_message(), false));
  CHECK(live->frame_for(ann) == encode_entry(whole_message(), true));
  const auto anonymous = make_live(message(lunch, 1, ann));
  CHECK(anonymous->author_frame.empty());
  CHECK(anonymous->frame_for(ann) == anonymous->frame);
}

TEST_CASE("encoder: welcome") {
  const welcome hello{.user = ann,
                      .device = device_id{"phone"},
                      .session = "s-1",
                      .resume_key = "k",
                      .resumed = false,
                      .node = "node-1",
                      .server_time = moment(0),
                      .heartbeat = 25s,
                      .resume_window = 120s,
                      .frame_bytes = 65'536,
                      .text_bytes = 16'384,
                      .in_flight = 32};
  CHECK(encode(hello) == R"({"type":"welcome","user":"ann","device":"phone","session":"s-1","resumeKey":"k",)"
                         R"("resumed":false,"node":"node-1","serverTime":1790000000000,"heartbeatMs":25000,)"
                         R"("resumeWindowMs":120000,"limits":{"frame":65536,"text":16384,"inFlight":32},)"
                         R"("version":"1.0"})");
}

TEST_CASE("encoder: ack") {
  acknowledgement ack{.ref = "7", .client = "018F", .conversation = lunch, .seq = 42, .at = moment(5)};
  CHECK(encode(ack) == R"({"type":"ack","ref":"7","clientId":"018F",)"
                       R"("conversation":"00000000-0000-0000-0000-000000000001","seq":42,)"
                       R"("id":"00000000-0000-0000-0000-000000000001:42","ts":1790000000005,"duplicate":false})");
  ack.ref = ack.client = "";
  ack.duplicate = true;
  CHECK(encode(ack) == R"({"type":"ack","conversation":"00000000-0000-0000-0000-000000000001","seq":42,)"
                       R"("id":"00000000-0000-0000-0000-000000000001:42","ts":1790000000005,"duplicate":true})");
  CHECK(encode_plain_ack("7") == R"({"type":"ack","ref":"7"})");
}

TEST_CASE("encoder: receipt, left open for its counter") {
  receipt news{.conversation = lunch, .seq = 42, .user = bob, .read = false, .at = moment(5)};
  CHECK(
      encode_open(news) ==
      R"({"type":"receipt","conversation":"00000000-0000-0000-0000-000000000001","seq":42,)"
      R"("messageId":"00000000-0000-0000-0000-000000000001:42","user":"bob","status":"delivered","ts":1790000000005)");
  news.read = true;
  CHECK(encode_open(news).find(R"("status":"read")") != std::string::npos);
}

TEST_CASE("encoder: error") {
  CHECK(encode_error("7", {errc::invalid_argument, "a \"b\"", "text", {}}) ==
        R"({"type":"error","ref":"7","code":"invalid_argument","message":"a \"b\"","retry":"no","field":"text"})");
  CHECK(encode_error("", {errc::rate_limited, "slow down", {}, 400ms}) ==
        R"({"type":"error","code":"rate_limited","message":"slow down","retry":"later","retryAfterMs":400})");
  CHECK(encode_error("", {errc::overloaded, "full", {}, 0ms}) ==
        R"({"type":"error","code":"overloaded","message":"full","retry":"later","retryAfterMs":0})");
  CHECK(encode_error("", {errc::timeout, "", {}, {}}) ==
        R"({"type":"error","code":"timeout","message":"timeout","retry":"same"})");
}

TEST_CASE("encoder: pong, gap, lag and bye") {
  CHECK(encode_pong("p", moment(0)) == R"({"type":"pong","ref":"p","serverTime":1790000000000})");
  CHECK(encode_pong("", moment(0)) == R"({"type":"pong","serverTime":1790000000000})");
  CHECK(encode_gap(lunch, 12, 840) ==
        R"({"type":"gap","conversation":"00000000-0000-0000-0000-000000000001","from":12,"to":840})");
  const conversation_id both[]{lunch, conversation_number(2)};
  CHECK(encode_lag(both) == R"({"type":"lag","conversations":["00000000-0000-0000-0000-000000000001",)"
                            R"("00000000-0000-0000-0000-000000000002"]})");
  CHECK(encode_bye(4'180ms) == R"({"type":"bye","reason":"drain","afterMs":4180})");
}

TEST_CASE("encoder: synced counts what is unread, zeros left out") {
  CHECK(encode_synced(0, {}) == R"({"type":"synced","conversations":0,"unread":{}})");
  const unread_count counts[]{{lunch, 3}, {conversation_number(2), 0}, {conversation_number(3), 1}};
  CHECK(encode_synced(2, counts) ==
        R"({"type":"synced","conversations":2,"unread":{"00000000-0000-0000-0000-000000000001":3,)"
        R"("00000000-0000-0000-0000-000000000003":1}})");
}

TEST_CASE("encoder: a grant of tokens") {
  CHECK(encode_grant("a.b.c", "r", ann, moment(0)) ==
        R"({"token":"a.b.c","refreshToken":"r","user":"ann","expiresAt":1790000000000})");
}

} // namespace parley::tests
