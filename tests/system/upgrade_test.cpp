#include <doctest/doctest.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

client connect_with(const running_node& node, std::vector<std::pair<std::string, std::string>> headers) {
  headers.emplace_back("Authorization", "Bearer " + node.token("ann"));
  return {node.url(), {.query = "", .headers = std::move(headers)}};
}

/// The status of the answer to an upgrade with this `Origin`.
unsigned status_for(const running_node& node, const std::string& origin) {
  try {
    auto connected = connect_with(node, {{"Origin", origin}});
    return connected.next()["type"] == "welcome" ? 101 : 0;
  } catch (const upgrade_refused& refused) {
    CHECK(refused.body["code"] == "forbidden");
    return refused.status;
  }
}

} // namespace

TEST_CASE("origin: a browser may connect from the server's own origin and from those on the list") {
  const running_node node{{"http.origins=https://chat.example.com,https://other.example.com:8443"}};
  CHECK(status_for(node, node.url()) == 101);
  CHECK(status_for(node, "https://chat.example.com") == 101);
  CHECK(status_for(node, "https://other.example.com:8443") == 101);
  for (const auto* other : {"https://evil.example.com", "https://chat.example.com.evil.com", "http://chat.example.com",
                            "https://chat.example.com:8443", "https://other.example.com", "null"}) {
    CAPTURE(other);
    CHECK(status_for(node, other) == 403);
  }
}

TEST_CASE("origin: a foreign one is refused without a token too, before anything is said") {
  const running_node node;
  CHECK_THROWS_AS((client{node.url(), {.query = "", .headers = {{"Origin", "https://evil.example.com"}}}}),
                  upgrade_refused);
}

TEST_CASE("subprotocol: parley.v1 is echoed if it is asked for, among others too") {
  const running_node node;
  auto plain = connect_with(node, {});
  CHECK(plain.upgrade_header("Sec-WebSocket-Protocol").empty());
  for (const auto* asked : {"parley.v1", "parley.v2, parley.v1", "parley.v1,chat"}) {
    CAPTURE(asked);
    auto connected = connect_with(node, {{"Sec-WebSocket-Protocol", asked}});
    CHECK(connected.upgrade_header("Sec-WebSocket-Protocol") == "parley.v1");
    CHECK(connected.next()["type"] == "welcome");
  }
}

TEST_CASE(
    "subprotocol: where only unknown versions are asked for, the first is echoed and the socket closed with 4505") {
  const running_node node;
  auto connected = connect_with(node, {{"Sec-WebSocket-Protocol", "parley.v9, parley.v8"}});
  CHECK(connected.upgrade_header("Sec-WebSocket-Protocol") == "parley.v9");
  CHECK(connected.end().code == 4505);
}

TEST_CASE("upgrade: a plain request to /connect is told to upgrade, and elsewhere nobody upgrades") {
  const running_node node;
  auto http = node.http();
  CHECK(http.get("/connect").status == 426);
  const http_headers upgrade{{"connection", "upgrade"},
                             {"upgrade", "websocket"},
                             {"sec-websocket-version", "13"},
                             {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  CHECK(node.http().get("/connection", upgrade).status == 404);
  CHECK(node.http().get("/", upgrade).status == 404);
  CHECK(node.http().get("/connect", upgrade).status == 101);
}

} // namespace parley::tests
