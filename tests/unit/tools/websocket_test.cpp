#include "tools/client/websocket.hpp"

#include <array>
#include <cstring>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

using namespace parley;
using namespace parley::client;

namespace {

// The other end, played by hand on a loopback socket.
struct played_server {
  descriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  descriptor accepted;
  tcp_address address;

  played_server() {
    auto& where = reinterpret_cast<sockaddr_in&>(address.where);
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.length = sizeof where;
    REQUIRE(::bind(listener.number(), reinterpret_cast<sockaddr*>(&where), address.length) == 0);
    REQUIRE(::listen(listener.number(), 1) == 0);
    REQUIRE(::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&where), &address.length) == 0);
  }

  void accept() { accepted = descriptor{::accept(listener.number(), nullptr, nullptr)}; }
  void say(std::string_view bytes) {
    REQUIRE(::send(accepted.number(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  }
  std::string hear() {
    std::array<char, 4096> bytes{};
    const auto count = ::recv(accepted.number(), bytes.data(), bytes.size(), 0);
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count))};
  }
};

struct heard final : websocket_events {
  bool is_open = false;
  std::vector<std::string> texts;
  std::optional<ending> end;

  void opened() override { is_open = true; }
  void text_received(std::string_view text) override { texts.emplace_back(text); }
  void ended(const ending& how) override { end = how; }
};

struct fixture {
  played_server server;
  heard events;
  websocket socket{events};
  std::array<char, 4096> scratch{};

  fixture() {
    REQUIRE(socket.connect(server.address, {.authority = "here", .target = "/connect?device=d", .token = "t"}));
  }

  void read() {
    pollfd watched{.fd = socket.descriptor_number(), .events = POLLIN, .revents = 0};
    REQUIRE(::poll(&watched, 1, 5000) == 1);
    socket.read(scratch);
  }

  void open(std::string_view behind = {}) {
    server.accept();
    socket.flush();
    const auto request = server.hear();
    CHECK(request.starts_with("GET /connect?device=d HTTP/1.1\r\nHost: here\r\n"));
    CHECK(request.find("\r\nAuthorization: Bearer t\r\n") != std::string::npos);
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const auto key = request.substr(request.find(name) + name.size(), 24);
    server.say(fmt::format("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           "Sec-WebSocket-Accept: {}\r\n\r\n{}",
                           upgrade_accept(key), behind));
    read();
    REQUIRE(events.is_open);
  }
};

} // namespace

TEST_CASE_FIXTURE(fixture, "websocket: opens, and takes frames that came with the answer") {
  open("\x81\x02hi");
  CHECK(events.texts == std::vector<std::string>{"hi"});
}

TEST_CASE_FIXTURE(fixture, "websocket: a frame cut in two is one message") {
  open();
  server.say("\x81\x05he");
  read();
  CHECK(events.texts.empty());
  server.say("llo\x81\x01x\x81");
  read();
  server.say("\x01y");
  read();
  CHECK(events.texts == std::vector<std::string>{"hello", "x", "y"});
}

TEST_CASE_FIXTURE(fixture, "websocket: everything queued goes out in one write") {
  open();
  socket.send_text("one");
  socket.send_text("two");
  CHECK(socket.wants_to_write());
  socket.flush();
  CHECK(!socket.wants_to_write());
  CHECK(server.hear().size() == 2 * (2 + 4 + 3));
}

TEST_CASE_FIXTURE(fixture, "websocket: a ping is answered with its payload") {
  open();
  server.say("\x89\x02yo");
  read();
  socket.flush();
  const auto pong = server.hear();
  REQUIRE(pong.size() == 8);
  CHECK(pong[0] == '\x8a');
  CHECK((pong[6] ^ pong[2]) == 'y');
}

TEST_CASE_FIXTURE(fixture, "websocket: tells the close code and answers it") {
  open();
  server.say("\x88\x06\x0f\xa8slow");
  read();
  REQUIRE(events.end.has_value());
  CHECK(events.end->code == 4008);
  CHECK(events.end->text == "slow");
  CHECK(server.hear().front() == '\x88');
  CHECK(socket.has_ended());
}

TEST_CASE_FIXTURE(fixture, "websocket: a connection that breaks is 1006") {
  open();
  server.accepted = {};
  read();
  REQUIRE(events.end.has_value());
  CHECK(events.end->code == 1006);
}

TEST_CASE_FIXTURE(fixture, "websocket: a refusal tells status and body") {
  server.accept();
  socket.flush();
  CHECK(!server.hear().empty());
  server.say("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}");
  read();
  REQUIRE(events.end.has_value());
  CHECK(events.end->http_status == 401);
  CHECK(events.end->text == "{}");
}

TEST_CASE_FIXTURE(fixture, "websocket: a server that answers another key is not trusted") {
  server.accept();
  socket.flush();
  CHECK(!server.hear().empty());
  server.say("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: nonsense\r\n\r\n");
  read();
  REQUIRE(events.end.has_value());
  CHECK(!events.is_open);
}

TEST_CASE_FIXTURE(fixture, "websocket: a frame against the rules ends it with 1002") {
  open();
  server.say("\xc1\x01x");
  read();
  REQUIRE(events.end.has_value());
  CHECK(events.end->code == 1002);
}

TEST_CASE("websocket: nobody there is told in the words of the system") {
  tcp_address nobody;
  {
    const played_server gone;
    nobody = gone.address;
  }
  heard events;
  websocket socket{events};
  if (socket.connect(nobody, {.authority = "here"})) {
    pollfd watched{.fd = socket.descriptor_number(), .events = POLLOUT, .revents = 0};
    ::poll(&watched, 1, 5000);
    socket.flush();
    REQUIRE(events.end.has_value());
    CHECK(events.end->text == "Connection refused");
  }
}
