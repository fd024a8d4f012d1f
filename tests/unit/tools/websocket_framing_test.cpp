#include "tools/client/websocket_framing.hpp"

#include <cstring>
#include <vector>

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::client;

namespace {

// A frame as a server writes it.
std::string server_frame(opcode kind, std::string_view payload, bool final = true) {
  std::string frame;
  frame.push_back(static_cast<char>((final ? 0x80 : 0) | static_cast<int>(kind)));
  const auto size = payload.size();
  if (size < 126) {
    frame.push_back(static_cast<char>(size));
  } else if (size <= 0xffff) {
    frame.push_back(126);
    for (int shift = 8; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(size >> shift));
  } else {
    frame.push_back(127);
    for (int shift = 56; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(size >> shift));
  }
  return frame.append(payload);
}

struct seen_frame {
  opcode kind;
  std::string payload;

  friend bool operator==(const seen_frame&, const seen_frame&) = default;
};

std::vector<seen_frame> read_all(frame_reader& reader, std::string_view bytes) {
  std::vector<seen_frame> seen;
  while (true) {
    const auto frame = reader.next(bytes);
    REQUIRE(frame.has_value());
    if (!*frame) break;
    seen.push_back({(*frame)->kind, std::string{(*frame)->payload}});
  }
  CHECK(bytes.empty());
  return seen;
}

errc refusal(std::string_view bytes) {
  frame_reader reader{1 << 20};
  while (true) {
    const auto frame = reader.next(bytes);
    if (!frame) return frame.error().code;
    REQUIRE(frame->has_value());
  }
}

} // namespace

TEST_CASE("client frames: header, mask and payload of every length") {
  for (const std::size_t size : {0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 70000}) {
    CAPTURE(size);
    std::string payload(size, '\0');
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(i * 7);
    std::string frame = "kept";
    append_frame(frame, opcode::text, payload, 0x12345678);
    REQUIRE(frame.substr(0, 5) == "kept\x81");

    const auto length = static_cast<unsigned char>(frame[5]);
    CHECK((length & 0x80) != 0);
    const std::size_t extended = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
    CHECK((length & 0x7f) == (extended == 0 ? size : extended == 2 ? 126 : 127));
    std::size_t announced = 0;
    for (std::size_t i = 0; i < extended; ++i) announced = announced << 8 | static_cast<unsigned char>(frame[6 + i]);
    if (extended > 0) CHECK(announced == size);

    const auto mask = frame.substr(6 + extended, 4);
    CHECK(mask == "\x12\x34\x56\x78");
    auto masked = frame.substr(10 + extended);
    REQUIRE(masked.size() == size);
    for (std::size_t i = 0; i < size; ++i) masked[i] = static_cast<char>(masked[i] ^ mask[i % 4]);
    CHECK(masked == payload);
  }
}

TEST_CASE("frame reader: messages of every length, however the bytes are cut") {
  for (const std::size_t size : {0, 1, 125, 126, 65535, 65536}) {
    CAPTURE(size);
    const std::string payload(size, 'x');
    const auto bytes = server_frame(opcode::text, payload) + server_frame(opcode::text, "next");
    frame_reader whole{1 << 20};
    CHECK(read_all(whole, bytes) == std::vector<seen_frame>{{opcode::text, payload}, {opcode::text, "next"}});

    frame_reader cut{1 << 20};
    const auto head = bytes.size() - std::strlen("next") - 2;
    for (std::size_t given = 0; given < head; given += 1 + given / 3) {
      std::string_view part{bytes.data(), given};
      const auto frame = cut.next(part);
      REQUIRE(frame.has_value());
      CHECK(!frame->has_value());
      CHECK(part.size() == given); // nothing was taken, so it has to be given again
    }
  }
}

TEST_CASE("frame reader: fragments become one message, with control frames between them") {
  frame_reader reader{1 << 20};
  const auto bytes = server_frame(opcode::text, "one ", false) + server_frame(opcode::ping, "still there?") +
                     server_frame(opcode::continuation, "two ", false) + server_frame(opcode::continuation, "three") +
                     server_frame(opcode::text, "after") + server_frame(opcode::binary, "b", false) +
                     server_frame(opcode::continuation, "");
  CHECK(read_all(reader, bytes) == std::vector<seen_frame>{{opcode::ping, "still there?"},
                                                           {opcode::text, "one two three"},
                                                           {opcode::text, "after"},
                                                           {opcode::binary, "b"}});
}

TEST_CASE("frame reader: a fragment may wait for the next bytes") {
  frame_reader reader{1 << 20};
  CHECK(read_all(reader, server_frame(opcode::text, "one ", false)).empty());
  CHECK(read_all(reader, server_frame(opcode::continuation, "two")) ==
        std::vector<seen_frame>{{opcode::text, "one two"}});
}

TEST_CASE("frame reader: a server that breaks the rules is found out") {
  auto masked = server_frame(opcode::text, "abcd");
  masked[1] = static_cast<char>(masked[1] | 0x80);
  CHECK(refusal(masked) == errc::bad_frame);
  CHECK(refusal("\xc1\x01x") == errc::bad_frame);                                       // a reserved bit
  CHECK(refusal("\x83\x01x") == errc::bad_frame);                                       // no such opcode
  CHECK(refusal(std::string{"\x81\x7e\x00\x05hello", 9}) == errc::bad_frame);           // a length longer than needed
  CHECK(refusal(server_frame(opcode::ping, "x", false)) == errc::bad_frame);            // a control frame in fragments
  CHECK(refusal(server_frame(opcode::ping, std::string(126, 'x'))) == errc::bad_frame); // and one too long
  CHECK(refusal(server_frame(opcode::continuation, "x")) == errc::bad_frame);           // continues nothing
  CHECK(refusal(server_frame(opcode::text, "x", false) + server_frame(opcode::text, "y")) == errc::bad_frame);
}

TEST_CASE("frame reader: a message above its bound is refused before it is kept") {
  frame_reader reader{10};
  const auto bytes = server_frame(opcode::text, "12345678901");
  std::string_view head{bytes.data(), 2};
  const auto early = reader.next(head);
  REQUIRE(!early.has_value());
  CHECK(early.error().code == errc::too_large);

  frame_reader fragments{10};
  const auto pieces = server_frame(opcode::text, "123456", false) + server_frame(opcode::continuation, "78901");
  std::string_view rest{pieces};
  const auto late = fragments.next(rest);
  REQUIRE(!late.has_value());
  CHECK(late.error().code == errc::too_large);
}

TEST_CASE("close payload: two bytes of code, then a reason that fits a control frame") {
  CHECK(close_payload(1000, "") == "\x03\xe8");
  CHECK(close_payload(4008, "slow") == "\x0f\xa8slow");
  CHECK(close_payload(1000, std::string(200, 'x')).size() == 125);
}
