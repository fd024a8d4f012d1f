#include <doctest/doctest.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

std::chrono::steady_clock::duration since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::steady_clock::now() - begin;
}

/// Writes a byte every now and then until the other side ends the connection; false when it never does.
bool is_cut_off(tcp_stream& stream, const std::string& bytes) {
  const deadline until;
  for (const auto byte : bytes) {
    if (!stream.write({&byte, 1})) return true;
    try {
      if (stream.read_some(deadline{20ms}).empty()) return true;
    } catch (const std::runtime_error&) {
      // Nothing came, so it is still open.
    }
    if (until.is_over()) break;
  }
  return false;
}

} // namespace

TEST_CASE("time: a connection that says nothing, or too slowly, is cut off") {
  const running_node node{{"http.handshake_timeout_ms=300"}};
  SUBCASE("nothing at all") {
    tcp_stream silent{node.url()};
    CHECK(silent.read_to_end().empty());
  }
  SUBCASE("half a request") {
    tcp_stream half{node.url()};
    half.write("GET /connect HTTP/1.1\r\nhost: somewhere\r\nx-he");
    (void)half.read_to_end();
  }
  SUBCASE("a byte now and then") {
    tcp_stream slow{node.url()};
    CHECK(is_cut_off(slow, "GET /connect HTTP/1.1\r\nx-slow: " + std::string(5'000, 'x')));
  }
  CHECK(node.http().get("/healthz").status == 200);
}

TEST_CASE("time: a body that comes too slowly is cut off") {
  const running_node node{{"http.request_timeout_ms=300"}};
  tcp_stream slow{node.url()};
  slow.write("POST /v1/login HTTP/1.1\r\nhost: somewhere\r\ncontent-length: 5000\r\n\r\n");
  CHECK(is_cut_off(slow, std::string(4'000, ' ')));
}

TEST_CASE("time: an HTTP connection without a further request is closed") {
  const running_node node{{"http.idle_timeout_ms=300"}};
  auto http = node.http();
  CHECK(http.get("/healthz").status == 200);
  CHECK(http.get("/healthz").status == 200);
  CHECK(http.is_ended_by_server());
}

TEST_CASE("time: a client that does not say who it is gets 4501") {
  const running_node node{{"http.handshake_timeout_ms=300"}};
  auto nobody = node.connect_unknown();
  const auto began = std::chrono::steady_clock::now();
  CHECK(nobody.end().code == 4501);
  CHECK(since(began) < 10s);
}

TEST_CASE("time: two silent intervals close with 4010, any frame is a sign of life") {
  const running_node node{{"session.heartbeat_ms=1000"}};
  auto silent = node.connect("ann");
  const auto began = std::chrono::steady_clock::now();
  CHECK(silent.next()["heartbeatMs"] == 1'000);
  auto pinging = node.online("bob");
  auto by_control_frame = node.online("cy");
  auto talking = node.online("dan");
  auto ended_after = 0ms;
  while (since(began) < 3'500ms) {
    CHECK(pinging.ask(R"({"type":"ping"})")["type"] == "pong");
    CHECK(talking.ask(R"({"type":"fly"})")["type"] == "error");
    by_control_frame.send_control_ping();
    (void)silent.poll();
    if (silent.has_ended() && ended_after == 0ms)
      ended_after = std::chrono::duration_cast<std::chrono::milliseconds>(since(began));
    std::this_thread::sleep_for(50ms);
  }
  CHECK(silent.end().code == 4010);
  CHECK(ended_after >= 1'900ms);
  CHECK(pinging.drain().empty());
  CHECK(talking.drain().empty());
  CHECK(by_control_frame.drain().empty());
}

} // namespace parley::tests
