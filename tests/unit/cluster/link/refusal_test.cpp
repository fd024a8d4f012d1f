#include <array>
#include <string>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "cluster/link/socket_owner.hpp"
#include "tests/unit/cluster/link/test_node.hpp"

using namespace parley;
using namespace parley::cluster::link;
using namespace parley::tests;

namespace {

/// Both are told the same, whoever finds it out.
void expect_refusal(link_options first, link_options second, const std::string& line) {
  test_node a{std::move(first)};
  test_node b{std::move(second)};
  b.connect(a);
  a.connect(b);
  CHECK(a.is_told(line));
  CHECK(b.is_told(line));
  CHECK(a.links->send("b", "x").error().code == errc::unavailable);
}

error refused_start(const link_options& options) {
  const auto started = peer_links::start(options, {});
  REQUIRE(!started);
  return started.error();
}

/// Says `bytes` to a port and waits until it is hung up on.
bool is_hung_up(std::uint16_t port, const std::string& bytes) {
  const socket_owner socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) return false;
  ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::array<char, 4'096> answer{};
  for (const deadline until; !until.is_over();) {
    pollfd watched{.fd = socket.get(), .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, until.left_ms()) == 1 && ::recv(socket.get(), answer.data(), answer.size(), 0) <= 0)
      return true;
  }
  return false;
}

} // namespace

TEST_CASE("links: a node of another cluster is refused, and both say why") {
  auto other = options_of("b");
  other.cluster = "another";
  expect_refusal(options_of("a"), other, "node a is of cluster 'test', node b is of cluster 'another'");
}

TEST_CASE("links: a node of another range of versions is refused, and both say why") {
  auto other = options_of("b");
  other.protocol = {7, 8};
  expect_refusal(options_of("a"), other, "node a speaks versions 1 to 1 of the protocol, node b speaks 7 to 8");
}

TEST_CASE("links: a second node of the same id is refused, and both say why") {
  // The second b waits where a node c should be.
  test_node first{options_of("b")};
  test_node second{options_of("b")};
  REQUIRE(first.links->connect("c", 1, second.address()));
  CHECK(first.is_told("two nodes have the id b"));
  CHECK(second.is_told("two nodes have the id b"));
  CHECK(first.links->connect("b", 1, second.address()).error().code == errc::invalid_argument);
}

TEST_CASE("links: an earlier incarnation is refused, and both say why") {
  test_node a{options_of("a", 4)};
  test_node b{options_of("b")};
  REQUIRE(b.links->connect("a", 5, a.address()));
  a.connect(b);
  CHECK(a.is_told("node a says incarnation 4, and node b knows incarnation 5 of it"));
  CHECK(b.is_told("node a says incarnation 4, and node b knows incarnation 5 of it"));
}

TEST_CASE("links: a node that is not known yet is refused, and let in when it is") {
  test_node a{options_of("a")};
  test_node b{options_of("b")};
  a.connect(b);
  CHECK(a.is_told("node b does not know node a yet"));
  b.connect(a);
  CHECK(a.is_linked_with("b"));
  CHECK(b.is_linked_with("a"));
}

TEST_CASE("links: garbage on the port does no harm") {
  test_node a{options_of("a")};
  test_node b{options_of("b")};
  link_up(a, b);
  using namespace std::string_literals;
  for (const auto& bytes : {"GET / HTTP/1.1\r\n\r\n"s, std::string(100'000, '\xff'), "\0\0\0\5\xff\xff\xff\xff\xff"s,
                            "\0\0\0\2\x2a\0"s, "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"s})
    CHECK(is_hung_up(b.links->port(), bytes));
  CHECK(b.is_told("said what no node says"));
  // And one who says nothing is not waited for.
  CHECK(is_hung_up(b.links->port(), {}));
  REQUIRE(a.links->send("b", "x"));
  CHECK(b.hears([](const test_node::news& said) { return said.envelopes.size() == 1; }));
  CHECK(a.hears([](const test_node::news& said) { return said.changes.size() == 1; }));
}

TEST_CASE("links: settings that cannot be are refused at start, and named") {
  auto options = options_of("a");
  options.listen = "0.0.0.0:0";
  const auto open = refused_start(options);
  CHECK(open.code == errc::invalid_argument);
  for (const auto* const key : {"cluster.listen", "cluster.certificate", "cluster.key", "cluster.authority"})
    CHECK(open.detail.find(key) != std::string::npos);

  options = options_of("a");
  options.tls.certificate = "/nowhere/a.pem";
  CHECK(refused_start(options).field == "cluster.key");
  options.tls = {"/nowhere/a.pem", "/nowhere/a.key", "/nowhere/ca.pem"};
  CHECK(refused_start(options).field == "cluster.certificate");

  options = options_of("a");
  options.listen = "nonsense";
  CHECK(refused_start(options).field == "cluster.listen");
  const test_node taken{options_of("a")};
  options.listen = taken.address();
  CHECK(refused_start(options).field == "cluster.listen");

  CHECK(taken.links->connect("b", 1, "10.1.2.3:7000").error().code == errc::invalid_argument);
}
