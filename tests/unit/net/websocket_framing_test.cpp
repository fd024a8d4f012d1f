// The cases of RFC 6455 by their numbers in the Autobahn test suite, where they have one.

#include "tests/unit/net/client_frames.hpp"

#include <doctest/doctest.h>

#include <array>

namespace parley::testing {

namespace {

using words = std::vector<std::string>;

constexpr std::size_t message_max = 70'000;

/// The same whatever pieces the bytes come in.
words heard(const std::string& bytes) {
  const auto whole = events_of(
      bytes, [&] { return bytes.size(); }, message_max);
  CHECK(events_of(
            bytes, [] { return 1; }, message_max) == whole);
  std::mt19937 random{static_cast<unsigned>(bytes.size())};
  for (const std::size_t longest : {3U, 9U, 200U}) {
    std::uniform_int_distribution<std::size_t> size{1, longest};
    CHECK(events_of(
              bytes, [&] { return size(random); }, message_max) == whole);
  }
  return whole;
}

std::string text(std::string_view payload) { return client_bytes({.opcode = 1}, payload); }
std::string first(std::string_view payload) { return client_bytes({.opcode = 1, .is_last = false}, payload); }
std::string middle(std::string_view payload) { return client_bytes({.opcode = 0, .is_last = false}, payload); }
std::string last(std::string_view payload) { return client_bytes({.opcode = 0}, payload); }
std::string ping(std::string_view payload) { return client_bytes({.opcode = 9}, payload); }

} // namespace

TEST_CASE("framing 1.1, 1.2: text and binary messages of every form of length") {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 125U, 126U, 127U, 128U, 65'535U, 65'536U, 70'000U}) {
    CAPTURE(size);
    const std::string payload(size, '*');
    CHECK(heard(text(payload)) == words{"text " + payload});
    CHECK(heard(client_bytes({.opcode = 2}, payload)) == words{"binary " + payload});
  }
}

TEST_CASE("framing 5.2: a length that is not in its shortest form is refused") {
  CHECK(heard(client_bytes({.length_width = 2}, std::string(125, '*'))) == words{"broken 1002"});
  CHECK(heard(client_bytes({.length_width = 8}, std::string(125, '*'))) == words{"broken 1002"});
  CHECK(heard(client_bytes({.length_width = 8}, std::string(65'535, '*'))) == words{"broken 1002"});
}

TEST_CASE("framing 5.2: the highest bit of a length is none of the number") {
  CHECK(heard(std::string{"\x81\xff\x80\0\0\0\0\0\0\x01mask", 14}) == words{"broken 1002"});
}

TEST_CASE("framing 5.1: what is not masked is refused, whatever it is") {
  for (const unsigned opcode : {1U, 2U, 8U, 9U, 10U}) {
    CHECK(heard(client_bytes({.opcode = opcode, .is_masked = false}, "hello")) == words{"broken 1002"});
    CHECK(heard(client_bytes({.opcode = opcode, .is_masked = false}, "")) == words{"broken 1002"});
  }
}

TEST_CASE("framing 2.1 to 2.11: pings and pongs with up to 125 bytes of anything") {
  CHECK(heard(ping("")) == words{"ping "});
  CHECK(heard(ping("Hello")) == words{"ping Hello"});
  CHECK(heard(ping("\xff\xfe\xfd")) == words{"ping \xff\xfe\xfd"});
  const std::string longest(125, '*');
  CHECK(heard(ping(longest)) == words{"ping " + longest});
  CHECK(heard(ping(longest + '*')) == words{"broken 1002"});
  CHECK(heard(client_bytes({.opcode = 10}, "unasked") + ping("1") + ping("2")) ==
        words{"pong unasked", "ping 1", "ping 2"});
}

TEST_CASE("framing 3.1 to 3.7: a reserved bit is refused, in data and in control frames") {
  for (unsigned bits = 1; bits < 8; ++bits)
    for (const unsigned opcode : {1U, 2U, 8U, 9U, 10U}) {
      CHECK(heard(text("before") + client_bytes({.opcode = opcode, .reserved = bits}, "Hello")) ==
            words{"text before", "broken 1002"});
    }
}

TEST_CASE("framing 4.1, 4.2: a reserved opcode is refused, with and without payload") {
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    CHECK(heard(client_bytes({.opcode = opcode}, "")) == words{"broken 1002"});
    CHECK(heard(text("before") + client_bytes({.opcode = opcode}, "Hello") + ping("")) ==
          words{"text before", "broken 1002"});
  }
}

TEST_CASE("framing 5.1, 5.2: a control frame in fragments is refused") {
  for (const unsigned opcode : {8U, 9U, 10U})
    CHECK(heard(client_bytes({.opcode = opcode, .is_last = false}, "f") + last("f")) == words{"broken 1002"});
}

TEST_CASE("framing 5.3 to 5.8: fragments make one message, and control frames may come between them") {
  CHECK(heard(first("frag") + last("ment")) == words{"text fragment"});
  CHECK(heard(first("frag") + ping("p") + last("ment")) == words{"ping p", "text fragment"});
  CHECK(heard(first("") + middle("") + last("")) == words{"text "});
  CHECK(heard(first("") + middle("middle") + last("")) == words{"text middle"});
  CHECK(heard(first("a") + ping("1") + middle("b") + ping("2") + last("c") + text("next")) ==
        words{"ping 1", "ping 2", "text abc", "text next"});
  CHECK(heard(client_bytes({.opcode = 2, .is_last = false}, "\xff") + last("\xff")) == words{"binary \xff\xff"});
}

TEST_CASE("framing 5.9 to 5.14: nothing to continue is refused") {
  CHECK(heard(last("tail")) == words{"broken 1002"});
  CHECK(heard(middle("tail")) == words{"broken 1002"});
  CHECK(heard(first("a") + last("b") + last("c")) == words{"text ab", "broken 1002"});
}

TEST_CASE("framing 5.15 to 5.18: a message within another one is refused") {
  CHECK(heard(first("a") + text("b")) == words{"broken 1002"});
  CHECK(heard(first("a") + first("b")) == words{"broken 1002"});
  CHECK(heard(first("a") + client_bytes({.opcode = 2}, "b")) == words{"broken 1002"});
}

TEST_CASE("framing 5.19, 5.20: a message in many fragments, one byte in each") {
  std::string bytes = first("");
  std::string whole;
  for (int i = 0; i < 1'000; ++i) {
    const std::string byte(1, static_cast<char>('a' + i % 26));
    bytes += middle(byte);
    whole += byte;
  }
  CHECK(heard(bytes + last("")) == words{"text " + whole});
}

TEST_CASE("framing 6.1 to 6.5: text in UTF-8, cut within characters too") {
  const std::string kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5 and some ASCII behind it \xf0\x9f\x90\xb1";
  CHECK(heard(text(kosme)) == words{"text " + kosme});
  for (std::size_t cut = 0; cut <= kosme.size(); ++cut)
    CHECK(heard(first(kosme.substr(0, cut)) + ping("") + last(kosme.substr(cut))) == words{"ping ", "text " + kosme});
}

TEST_CASE("framing 6.3, 6.4, 6.6 to 6.21: text that is not UTF-8 is refused with 1007") {
  using std::string_view_literals::operator""sv;
  const std::array wrong{
      "\xce\xba\xed\xa0\x80"
      "edited"sv,           // 6.3.1
      "\xf4\x90\x80\x80"sv, // 6.4: beyond the last code point
      "\xce"sv,
      "\xce\xba\xe1"sv,
      "\xf0\x9f\x90"sv, // 6.6, 6.15: the end is missing
      "\xf8\x88\x80\x80\x80"sv,
      "\xfc\x84\x80\x80\x80\x80"sv, // 6.8, 6.13: five and six bytes
      "\x80"sv,
      "\xbf"sv,
      "abcdefgh\x80\xbf"sv, // 6.14: continuations alone
      "\xfe"sv,
      "\xff"sv, // 6.17
      "\xc0\xaf"sv,
      "\xc1\xbf"sv,
      "\xe0\x80\xaf"sv,
      "\xe0\x9f\xbf"sv,
      "\xf0\x80\x80\xaf"sv,
      "\xf0\x8f\xbf\xbf"sv, // 6.18 to 6.20: longer than needed
      "\xed\xa0\x80"sv,
      "\xed\xbf\xbf"sv,
      "\xed\xa0\x80\xed\xb0\x80"sv, // 6.21: surrogates
      "\xc3\x28"sv,
      "\xe2\x28\xa1"sv,
      "\xf0\x28\x8c\xbc"sv,
  };
  for (const auto bytes : wrong) {
    CAPTURE(bytes);
    CHECK(heard(text(bytes)) == words{"broken 1007"});
    CHECK(heard(first("fine ") + last(bytes)) == words{"broken 1007"});
  }
}

TEST_CASE("framing 6.7, 6.9, 6.22, 6.23: the ends of the ranges, and what is no character, are text") {
  const std::array<std::string, 10> right{
      std::string(1, '\0'), "\x7f",         "\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",
      "\xed\x9f\xbf",       "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
  for (const auto& bytes : right) CHECK(heard(text(bytes)) == words{"text " + bytes});
}

TEST_CASE("framing 6.4: text is refused as soon as it cannot become UTF-8 any more") {
  net::websocket_parser parser{message_max};
  auto bytes = first("\xce\xba\xed") + middle("\xa0\x80");
  // The last byte has not come.
  CHECK(in_words([&] {
          std::span<char> rest{bytes.data(), bytes.size() - 1};
          return parser.next(rest);
        }()) == "broken 1007");
}

TEST_CASE("framing 7.1, 7.3: a close with nothing, a code, or a code and a reason of up to 123 bytes") {
  CHECK(heard(client_bytes({.opcode = 8}, "")) == words{"close 1005 "});
  CHECK(heard(client_bytes({.opcode = 8}, "a")) == words{"broken 1002"});
  CHECK(heard(client_close(1'000)) == words{"close 1000 "});
  CHECK(heard(client_close(1'000, "Hello World!")) == words{"close 1000 Hello World!"});
  const std::string longest(123, '*');
  CHECK(heard(client_close(1'000, longest)) == words{"close 1000 " + longest});
  CHECK(heard(client_close(1'000, longest + '*')) == words{"broken 1002"});
  CHECK(heard(first("a") + client_close(1'001)) == words{"close 1001 "});
}

TEST_CASE("framing 7.5: the reason of a close is UTF-8") {
  CHECK(heard(client_close(1'000, "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80")) == words{"broken 1007"});
  CHECK(heard(client_close(1'000, "\xce")) == words{"broken 1007"});
}

TEST_CASE("framing 7.7, 7.9, 7.13: the codes that may be sent, and those that may not") {
  for (const unsigned code : {1'000U, 1'001U, 1'002U, 1'003U, 1'007U, 1'008U, 1'009U, 1'010U, 1'011U, 1'012U, 1'013U,
                              1'014U, 3'000U, 3'999U, 4'000U, 4'999U})
    CHECK(heard(client_close(code)) == words{fmt::format("close {} ", code)});
  for (const unsigned code :
       {0U, 999U, 1'004U, 1'005U, 1'006U, 1'015U, 1'016U, 1'100U, 2'000U, 2'999U, 5'000U, 65'535U})
    CHECK(heard(client_close(code)) == words{"broken 1002"});
}

TEST_CASE("framing 9: a message above the bound is refused with 1009 by its header, in fragments too") {
  net::websocket_parser parser{1'000};
  auto header = client_bytes({}, std::string(1'001, '*')).substr(0, 8);
  std::span<char> bytes{header};
  CHECK(in_words(parser.next(bytes)) == "broken 1009");
  CHECK(heard(text(std::string(message_max + 1, '*'))) == words{"broken 1009"});
  CHECK(heard(first(std::string(40'000, '*')) + last(std::string(30'000, '*'))).front().size() == message_max + 5);
  CHECK(heard(first(std::string(40'000, '*')) + last(std::string(30'001, '*'))) == words{"broken 1009"});
  // Its length wraps around when something is added to it.
  CHECK(heard(first("abc") + std::string{"\x80\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 14}) == words{"broken 1009"});
}

TEST_CASE("framing: who has broken the rules is not listened to any more") {
  net::websocket_parser parser{message_max};
  auto bytes = client_bytes({.opcode = 3}, "") + text("hello");
  std::span<char> rest{bytes};
  CHECK(in_words(parser.next(rest)) == "broken 1002");
  CHECK(in_words(parser.next(rest)) == "broken 1002");
}

TEST_CASE("framing: many frames in one piece come one by one, and what is behind them stays untouched") {
  net::websocket_parser parser{message_max};
  auto bytes = text("1") + ping("2") + text("3");
  std::span<char> rest{bytes};
  CHECK(in_words(parser.next(rest)) == "text 1");
  CHECK(std::string{rest.begin(), rest.end()} == ping("2") + text("3"));
  CHECK(in_words(parser.next(rest)) == "ping 2");
  CHECK(in_words(parser.next(rest)) == "text 3");
  CHECK(rest.empty());
  CHECK(in_words(parser.next(rest)) == "nothing");
}

TEST_CASE("framing: the header of a server's frame has the shortest form of the length") {
  using net::server_header;
  using net::websocket_opcode;
  CHECK(server_header(websocket_opcode::text, 0).text() == std::string_view{"\x81\0", 2});
  CHECK(server_header(websocket_opcode::text, 125).text() == "\x81\x7d");
  CHECK(server_header(websocket_opcode::text, 126).text() == std::string_view{"\x81\x7e\0\x7e", 4});
  CHECK(server_header(websocket_opcode::text, 65'535).text() == "\x81\x7e\xff\xff");
  CHECK(server_header(websocket_opcode::text, 65'536).text() == std::string_view{"\x81\x7f\0\0\0\0\0\x01\0\0", 10});
  CHECK(server_header(websocket_opcode::pong, 5).text() == "\x8a\x05");
  CHECK(server_header(websocket_opcode::close, 2).text() == "\x88\x02");
}

TEST_CASE("framing: the reason of our close is cut to fit, not within a character") {
  CHECK(net::close_payload(1'002, "why") == "\x03\xeawhy");
  CHECK(net::close_payload(4'000, std::string(200, 'x')).size() == 125);
  const auto cut = net::close_payload(4'000, std::string(122, 'x').append("\xce\xba"));
  CHECK(cut == "\x0f\xa0" + std::string(122, 'x'));
}

} // namespace parley::testing
