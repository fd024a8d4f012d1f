#include <chrono>
#include <csignal>

#include <doctest/doctest.h>

#include "tests/unit/cluster/link/peer_process.hpp"
#include "tests/unit/cluster/link/test_node.hpp"

using namespace parley;
using namespace parley::cluster::link;
using namespace parley::tests;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

bool has_changed_back(test_node& node, std::uint64_t incarnation) {
  return node.hears([&](const test_node::news& said) {
    return !said.changes.empty() && said.changes.back().is_up && said.changes.back().incarnation == incarnation;
  });
}

bool echoes(test_node& node, const std::string& peer, const std::string& word) {
  REQUIRE(node.links->send(peer, word));
  return node.hears(
      [&](const test_node::news& said) { return !said.envelopes.empty() && said.envelopes.back() == word; });
}

/// The ids decide who dials; whoever does, the same has to happen.
void for_both_directions(void (*check)(const std::string& own, const std::string& peer)) {
  SUBCASE("this side dials") { check("a", "b"); }
  SUBCASE("the other side dials") { check("b", "a"); }
}

} // namespace

TEST_CASE("links: a process that is killed is gone within a second, and a refused attempt confirms it") {
  for_both_directions([](const std::string& own, const std::string& peer) {
    test_node node{options_of(own)};
    const peer_process other{peer, 1, node};
    REQUIRE(node.links->connect(peer, 1, other.address()));
    REQUIRE(node.is_linked_with(peer));
    CHECK(echoes(node, peer, "hello"));
    node.forget_news();
    other.send(SIGKILL);
    // The end of the link, and then an attempt that nobody answers.
    CHECK(node.hears(
        [](const test_node::news& said) {
          return said.changes.size() >= 2 && said.changes[0].reason == down_reason::refused &&
                 said.changes[1].reason == down_reason::refused;
        },
        deadline{seconds{1}}));
    CHECK(node.links->send(peer, "x").error().code == errc::unavailable);
  });
}

TEST_CASE("links: a process that is stopped is noticed within three seconds, and comes back") {
  for_both_directions([](const std::string& own, const std::string& peer) {
    test_node node{options_of(own)};
    const peer_process other{peer, 1, node};
    REQUIRE(node.links->connect(peer, 1, other.address()));
    REQUIRE(node.is_linked_with(peer));
    node.forget_news();
    other.send(SIGSTOP);
    // What cannot be delivered must not keep it from being noticed.
    while (node.links->send(peer, std::string(1'000, 'x'))) {
    }
    CHECK(node.loses(peer, down_reason::timed_out, deadline{seconds{3}}));
    other.send(SIGCONT);
    CHECK(has_changed_back(node, 1));
    CHECK(echoes(node, peer, "again"));
  });
}

TEST_CASE("links: a node that was started again links in its later incarnation, and the earlier one is refused") {
  for_both_directions([](const std::string& own, const std::string& peer) {
    test_node node{options_of(own)};
    {
      const peer_process first{peer, 1, node};
      REQUIRE(node.links->connect(peer, 1, first.address()));
      REQUIRE(node.is_linked_with(peer));
      first.send(SIGKILL);
      REQUIRE(node.loses(peer, down_reason::refused));
    }
    peer_process second{peer, 2, node};
    REQUIRE(node.links->connect(peer, 2, second.address()));
    CHECK(has_changed_back(node, 2));
    CHECK(echoes(node, peer, "second life"));
    const peer_process ghost{peer, 1, node};
    // Only one that dials us can be a ghost; one that waits is never asked.
    if (peer < own) CHECK(node.is_told("says incarnation 1"));
    CHECK(echoes(node, peer, "still here"));
    CHECK(second.end() == 0);
    CHECK(node.loses(peer, down_reason::left));
  });
}

TEST_CASE("links: a node that is forgotten is not linked, and may be known again") {
  test_node a{options_of("a")};
  test_node b{options_of("b")};
  link_up(a, b);
  b.links->forget("a");
  CHECK(b.loses("a", down_reason::forgotten));
  CHECK(a.loses("b", down_reason::refused));
  CHECK(a.is_told("node b does not know node a yet"));
  b.forget_news();
  b.connect(a);
  CHECK(b.is_linked_with("a"));
}

TEST_CASE("links: knowing a later incarnation ends the link to the earlier one") {
  test_node a{options_of("a")};
  test_node b{options_of("b")};
  link_up(a, b);
  REQUIRE(a.links->connect("b", 2, b.address()));
  CHECK(a.loses("b", down_reason::replaced));
  CHECK(a.is_told("node b says incarnation 1, and node a knows incarnation 2 of it"));
}

TEST_CASE("links: hellos tell the version of the view") {
  test_node a{options_of("a")};
  test_node b{options_of("b")};
  a.links->set_view(17);
  link_up(a, b);
  CHECK(b.hears([](const test_node::news& said) { return said.changes.front().view == 17; }));
}
