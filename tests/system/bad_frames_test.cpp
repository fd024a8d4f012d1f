#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/system/running_node.hpp"
#include "tests/system/websocket_bytes.hpp"

namespace parley::tests {

namespace {

/// A ping that is `size` bytes long.
std::string ping_of(std::size_t size) {
  const std::string_view start = R"({"type":"ping","ref":"big","fill":")";
  return fmt::format("{}{}\"}}", start, std::string(size - start.size() - 2, 'x'));
}

bool is_open(client& connected) { return connected.ask(R"({"type":"ping"})")["type"] == "pong"; }

} // namespace

TEST_CASE("frames: one may have 64 KiB, a larger one closes with 1009") {
  const running_node node;
  auto connected = node.online("ann");
  connected.send(ping_of(65'536));
  CHECK(connected.next()["ref"] == "big");
  // In one piece: the server ends the connection while the frame is still being sent.
  connected.send_raw(frame_bytes({.opcode = opcode::text}, ping_of(65'537)));
  CHECK(connected.end().code == 1009);
}

TEST_CASE("frames: the bound is the setting's, and welcome says it") {
  const running_node node{{"limits.frame=2000", "limits.text=100", "limits.data=100"}};
  auto connected = node.connect("ann");
  const auto welcome = connected.next();
  CHECK(welcome["limits"]["frame"] == 2'000);
  CHECK(welcome["limits"]["text"] == 100);
  CHECK(connected.next()["type"] == "synced");
  connected.send(ping_of(2'000));
  CHECK(connected.next()["ref"] == "big");
  connected.send_raw(frame_bytes({.opcode = opcode::text}, ping_of(2'001)));
  CHECK(connected.end().code == 1009);
}

TEST_CASE("frames: the bound holds for a message in fragments too") {
  const running_node node;
  auto connected = node.online("ann");
  const auto half = std::string(40'000, ' ');
  connected.send_raw(frame_bytes({.opcode = opcode::text, .is_last = false}, R"({"type":"ping",)" + half));
  connected.send_raw(frame_bytes({.opcode = opcode::continuation}, half + "\"ref\":\"1\"}"));
  CHECK(connected.end().code == 1009);
}

TEST_CASE("frames: fragments make one frame, and control frames may come between them") {
  const running_node node;
  auto connected = node.online("ann");
  connected.send_raw(frame_bytes({.opcode = opcode::text, .is_last = false}, R"({"type":)"));
  connected.send_raw(frame_bytes({.opcode = opcode::ping}, "hello"));
  connected.send_raw(frame_bytes({.opcode = opcode::continuation, .is_last = false}, R"("ping")"));
  connected.send_raw(frame_bytes({.opcode = opcode::continuation}, R"(,"ref":"1"})"));
  CHECK(connected.next()["ref"] == "1");
}

TEST_CASE("frames: a binary or empty one is bad_frame, and the socket stays open") {
  const running_node node;
  auto connected = node.online("ann");
  connected.send_binary(R"({"type":"ping","ref":"1"})");
  const auto error = connected.next();
  CHECK(error["type"] == "error");
  CHECK(error["code"] == "bad_frame");
  CHECK(error["retry"] == "no");
  connected.send("");
  CHECK(connected.next()["code"] == "bad_frame");
  CHECK(is_open(connected));
}

TEST_CASE("frames: text that is not UTF-8 closes with 1007") {
  const running_node node;
  for (const std::string_view text :
       {"\xff", "\"\xc3\x28\"", "\"\xed\xa0\x80\"", "{\"type\":\"ping\",\"ref\":\"\xf0\x9f\"}"}) {
    auto connected = node.online("ann");
    connected.send(text);
    CHECK(connected.end().code == 1007);
  }
}

TEST_CASE("frames: what breaks the framing closes with 1002") {
  const running_node node;
  const auto text = R"({"type":"ping"})";
  const std::vector<std::pair<std::string, std::string>> broken{
      {"not masked", frame_bytes({.opcode = opcode::text, .is_masked = false}, text)},
      {"reserved opcode", frame_bytes({.opcode = static_cast<opcode>(3)}, text)},
      {"reserved bits", frame_bytes({.opcode = opcode::text, .reserved = 0x40}, text)},
      {"nothing to continue", frame_bytes({.opcode = opcode::continuation}, text)},
      {"fragmented control frame", frame_bytes({.opcode = opcode::ping, .is_last = false}, "")},
      {"long control frame", frame_bytes({.opcode = opcode::ping}, std::string(126, 'x'))},
  };
  for (const auto& [what, bytes] : broken) {
    CAPTURE(what);
    auto connected = node.online("ann");
    connected.send_raw(bytes);
    CHECK(connected.end().code == 1002);
  }
}

TEST_CASE("frames: a hundred bad ones within ten seconds close with 4500, each answered") {
  const running_node node;
  auto connected = node.online("ann");
  for (int i = 0; i < 99; ++i) connected.send("nonsense");
  CHECK(connected.collect(99, [](const json& frame) { return frame["code"] == "bad_frame"; }).size() == 99);
  // Well-formed requests that fail are no bad frames.
  for (int i = 0; i < 120; ++i) connected.send(R"({"type":"fly"})");
  CHECK(connected.collect(120, [](const json& frame) { return frame["code"] == "unknown_type"; }).size() == 120);
  CHECK(is_open(connected));
  connected.send("nonsense");
  CHECK(connected.next()["code"] == "bad_frame");
  CHECK(connected.end().code == 4500);
}

TEST_CASE("frames: a client that breaks off in the middle of one leaves its place to the next") {
  const running_node node{{"limits.connections_per_user=1"}};
  const auto whole = frame_bytes({.opcode = opcode::text}, R"({"type":"ping"})");
  for (const std::size_t part : {1U, 5U, 12U}) {
    // The place of the one before is free as soon as the server has noticed that it went.
    const auto came_back = eventually([&] {
      auto connected = node.connect("ann");
      if (connected.next_or_end()["type"] != "welcome") return false;
      connected.send_raw(std::string_view{whole}.substr(0, part));
      return true;
    });
    CHECK(came_back);
  }
}

} // namespace parley::tests
