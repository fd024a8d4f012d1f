#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include "tests/unit/core/decoding.hpp"

namespace parley::tests {

namespace {

std::string send_text(std::string_view text) {
  return fmt::format(R"({{"type":"send","to":"bob","text":"{}"}})", text);
}
std::string send_data(std::string_view data) { return fmt::format(R"({{"type":"send","to":"bob","data":{}}})", data); }

/// A frame that is `depth` objects and arrays deep.
std::string nested(std::size_t depth) {
  return send_data(R"({"x":)" + std::string(depth - 2, '[') + std::string(depth - 2, ']') + "}");
}

/// An object of exactly `bytes` bytes.
std::string object_of(std::size_t bytes) { return fmt::format(R"({{"x":"{}"}})", std::string(bytes - 8, 'x')); }

} // namespace

TEST_CASE("codec: what is not a JSON object is a bad frame") {
  for (const auto* text : {"", " ", "hi", "null", "7", "[]", R"(["type"])", R"({"type":"ping")", R"({"type":"ping"}})",
                           R"({"type":"ping",})", R"({type:"ping"})", R"({'type':'ping'})", R"({"type":"ping"} x)",
                           "{\"type\":\"p\ning\"}", R"({"type":"\x"})", "\xef\xbb\xbf{}", "{\"type\":\"\xff\"}"}) {
    CAPTURE(text);
    check_refused(text, errc::bad_frame, "");
  }
}

TEST_CASE("codec: a frame may be nested 32 deep") {
  accepted<send_request>(nested(32));
  check_refused(nested(33), errc::bad_frame, "");
  check_refused(std::string(60'000, '['), errc::bad_frame, "");
  check_refused(R"({"type":"ping","x":)" + std::string(40, '[') + std::string(40, ']') + "}", errc::bad_frame, "");
}

TEST_CASE("codec: a ref is kept for the answer, whatever is wrong behind it") {
  CHECK(decode_frame(R"({"type":"dance","ref":"7"})", {}).ref == "7");
  CHECK(decode_frame(R"({"ref":"7"})", {}).ref == "7");
  CHECK(decode_frame(R"({"type":"send","ref":"7"})", {}).ref == "7");
  CHECK(decode_frame(R"({"type":"ping"})", {}).ref.empty());
  CHECK(decode_frame(R"({"type":"ping","ref":7})", {}).ref.empty());
}

TEST_CASE("codec: a ref is counted in characters, not in bytes") {
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts.append("ä");
  CHECK(decode_frame(fmt::format(R"({{"type":"ping","ref":"{}"}})", umlauts), {}).ref == umlauts);
  check_refused(fmt::format(R"({{"type":"ping","ref":"{}x"}})", umlauts), errc::invalid_argument, "ref");
}

TEST_CASE("codec: unknown fields are ignored, of two equal keys the last one counts") {
  accepted<ping_request>(R"({"type":"ping","seq":-1,"text":[],"to":7})");
  CHECK(accepted<send_request>(R"({"type":"send","to":"bob","text":7,"text":"hi"})").content.body ==
        R"({"text":"hi"})");
  CHECK(accepted<send_request>(send_data(R"({"a":1,"a":2})")).content.body == R"({"data":{"a":2}})");
}

TEST_CASE("codec: text is kept byte by byte, its escapes in their short form") {
  const auto body_of = [](std::string_view text) { return accepted<send_request>(send_text(text)).content.body; };
  CHECK(body_of("grüße 👋") == R"({"text":"grüße 👋"})");
  CHECK(body_of(R"(\u00fc\ud83d\udc4b)") == R"({"text":"ü👋"})");
  CHECK(body_of(R"(\/\"\\\b\f\n\r\t\u001f)") == R"({"text":"/\"\\\b\f\n\r\t\u001f"})");
  CHECK(body_of(R"(\\ud800)") == R"({"text":"\\ud800"})");
}

TEST_CASE("codec: U+0000 and lone surrogates are refused with the field they stand in") {
  for (const std::string bad : {R"(\u0000)", R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\udbff\ud800)", R"(\ud83d\n)",
                                R"(\udc4b\ud83d)", R"(\\\ud800)", R"(\ud83d\udc4b\ud83d)", R"(\uD800)"}) {
    const auto text = "a" + bad;
    check_refused(send_text(text), errc::invalid_argument, "text");
    check_refused(send_data(fmt::format(R"({{"x":"{}"}})", text)), errc::invalid_argument, "data");
    check_refused(send_data(fmt::format(R"({{"{}":1}})", text)), errc::invalid_argument, "data");
    check_refused(send_data(fmt::format(R"({{"x":[{{"y":["{}"]}}]}})", text)), errc::invalid_argument, "data");
    check_refused(fmt::format(R"({{"type":"ping","ref":"{}"}})", text), errc::invalid_argument, "ref");
    check_refused(fmt::format(R"({{"type":"create","members":[],"title":"{}"}})", text), errc::invalid_argument,
                  "title");
  }
}

TEST_CASE("codec: lone surrogates do not hide other mistakes") {
  check_refused(R"({"type":"send","to":"bob","text":"\ud800")", errc::bad_frame, "");
  check_refused(R"({"type":"send","to":"bob","text":"\ud8")", errc::bad_frame, "");
  check_refused(R"({"type":"send","to":"\ud800","text":"hi"})", errc::invalid_argument, "to");
}

TEST_CASE("codec: data may have 32 KiB as it was sent") {
  accepted<send_request>(send_data(object_of(32'768)));
  const auto why = refused(send_data(object_of(32'769)));
  CHECK(why.code == errc::too_large);
  CHECK(why.field == "data");
  check_refused(fmt::format(R"({{"type":"create","members":[],"data":{}}})", object_of(32'769)), errc::too_large,
                "data");
}

TEST_CASE("codec: white space inside data counts, white space around it does not") {
  const auto spaced = fmt::format(R"({{ {}}})", std::string(32'768 - 3, ' '));
  CHECK(accepted<send_request>(send_data(spaced)).content.body == R"({"data":{}})");
  check_refused(send_data(fmt::format(R"({{ {}}})", std::string(32'769 - 3, ' '))), errc::too_large, "data");
  accepted<send_request>(send_data(" \n\t " + object_of(32'768) + "\r\n  "));
}

TEST_CASE("codec: only the data of the frame itself is measured, however its key is written") {
  const auto frame = [](std::string_view before, std::string_view key, std::size_t bytes) {
    return fmt::format(R"({{"type":"send","to":"bob",{}{}:{}}})", before, key, object_of(bytes));
  };
  check_refused(frame("", R"("d\u0061ta")", 32'769), errc::too_large, "data");
  check_refused(frame(R"("data":{"data":1},)", R"("data")", 32'769), errc::too_large, "data");
  accepted<send_request>(frame(R"("text":"\"data\":{",)", R"("data")", 32'768));
  accepted<send_request>(frame(R"("data":{"x":1},)", R"("other")", 40'000));
  check_refused(fmt::format(R"({{"type":"send","to":"bob","data":{{"data":{}}}}})", object_of(32'760)), errc::too_large,
                "data");
}

} // namespace parley::tests
