#include <doctest/doctest.h>

#include "cluster/link/hello_check.hpp"

using namespace parley::cluster::link;

namespace {

/// Node a has dialled node b.
hello_frame from_a() {
  return {.cluster = "one", .node = "a", .incarnation = 5, .protocol = {1, 2}, .expected_node = "b"};
}

hello_expectation at_b() {
  return {.cluster = "one", .node = "b", .protocol = {2, 3}, .dialled = {}, .known_incarnation = 5};
}

} // namespace

TEST_CASE("hello: one that fits has no objection, nor has a later incarnation") {
  CHECK(!objection_to(from_a(), at_b()));
  auto later = from_a();
  later.incarnation = 6;
  CHECK(!objection_to(later, at_b()));
}

TEST_CASE("hello: each reason to refuse one names both sides") {
  const auto why = [](auto change) {
    auto hello = from_a();
    auto expected = at_b();
    change(hello, expected);
    return objection_to(hello, expected).value_or("welcome");
  };
  CHECK(why([](auto& hello, auto&) { hello.cluster = "two"; }) ==
        "node a is of cluster 'two', node b is of cluster 'one'");
  CHECK(why([](auto& hello, auto&) { hello.node = "b"; }) == "two nodes have the id b: give each its own `node.id`");
  CHECK(why([](auto& hello, auto&) {
          hello.protocol = {1, 1};
        }) == "node a speaks versions 1 to 1 of the protocol, node b speaks 2 to 3");
  CHECK(why([](auto& hello, auto&) { hello.incarnation = 4; }) ==
        "node a says incarnation 4, and node b knows incarnation 5 of it");
  CHECK(why([](auto&, auto& expected) { expected.known_incarnation.reset(); }) == "node b does not know node a yet");
  CHECK(why([](auto& hello, auto&) { hello.expected_node = "c"; }) == "node a looks for node c and has found node b");
  CHECK(why([](auto&, auto& expected) { expected.dialled = "c"; }) == "where node c should be, node a has answered");
  CHECK(why([](auto& hello, auto&) { hello.node = "z"; }) ==
        "node z waits to be dialled by node b: the smaller id dials");
}
