#include <atomic>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

#define PARLEY_CLUSTER_BACKENDS parley::tests::memory_backend, parley::tests::postgres_backend

namespace parley::tests {

namespace {

cluster_node node_of(const std::string& id, std::uint64_t incarnation, node_state state = node_state::up) {
  cluster_node made{.id = {id},
                    .incarnation = incarnation,
                    .instance = {},
                    .address = id + ":7000",
                    .protocol_min = 1,
                    .protocol_max = 2,
                    .state = state};
  made.instance.bytes.back() = static_cast<std::uint8_t>(incarnation);
  return made;
}

std::uint64_t beat_of(const beat_report& report, const std::string& id) {
  for (const auto& one : report.beats)
    if (one.node.value == id) return one.beat;
  FAIL("no beat of ", id);
  return 0;
}

} // namespace

TEST_CASE("nodes: a single node keeps no view") { CHECK_FALSE(fresh_stores<sqlite_backend>{}.nodes); }

TEST_CASE_TEMPLATE("nodes: there is a view before there are nodes", Backend, PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(store.nodes->read().value() == cluster_view{});
  const auto report = store.nodes->beat({"n1"}, 0).value();
  CHECK_FALSE(report.counted);
  CHECK(report.version == 0);
  CHECK(report.beats.empty());
}

TEST_CASE_TEMPLATE("nodes: a change raises the version by one and is read as it was made", Backend,
                   PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto one = node_of("n1", 1);
  auto two = node_of("N-2", 1, node_state::joining);
  REQUIRE(store.nodes->change({.expected = 0, .put = {one, two}}));
  CHECK(store.nodes->read().value() == cluster_view{1, {two, one}}); // ordered byte by byte
  two.state = node_state::draining;
  two.address = "[::1]:1";
  REQUIRE(store.nodes->change({.expected = 1, .put = {two}}));
  CHECK(store.nodes->read().value() == cluster_view{2, {two, one}});
  REQUIRE(store.nodes->change({.expected = 2, .forgotten = {one.id}}));
  CHECK(store.nodes->read().value() == cluster_view{3, {two}});
}

TEST_CASE_TEMPLATE("nodes: a change to another version changes nothing", Backend, PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto refused = [&](std::uint64_t expected) {
    return failed(store.nodes->change({.expected = expected, .put = {node_of("n2", 9)}}), errc::conflict);
  };
  CHECK(refused(1));
  REQUIRE(store.nodes->change({.expected = 0, .put = {node_of("n1", 1)}}));
  CHECK(refused(0));
  CHECK(refused(2));
  CHECK(store.nodes->read().value() == cluster_view{1, {node_of("n1", 1)}});
}

TEST_CASE_TEMPLATE("nodes: a beat moves with its incarnation only, and is seen by all", Backend,
                   PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.nodes->change({.expected = 0, .put = {node_of("n1", 1), node_of("n2", 1)}}));
  const auto first = store.nodes->beat({"n1"}, 1).value();
  CHECK(first.counted);
  CHECK(first.version == 1);
  const auto other = store.nodes->beat({"n2"}, 1).value();
  CHECK(beat_of(other, "n1") == beat_of(first, "n1"));
  CHECK_FALSE(store.nodes->beat({"n1"}, 2).value().counted);
  CHECK_FALSE(store.nodes->beat({"n3"}, 1).value().counted);
  const auto second = store.nodes->beat({"n1"}, 1).value();
  CHECK(beat_of(second, "n1") == beat_of(first, "n1") + 1);
  CHECK(beat_of(second, "n2") == beat_of(other, "n2"));
}

TEST_CASE_TEMPLATE("nodes: the beat goes on through a change of state and begins again with an incarnation", Backend,
                   PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.nodes->change({.expected = 0, .put = {node_of("n1", 1, node_state::joining)}}));
  for (int i = 0; i < 3; ++i) REQUIRE(store.nodes->beat({"n1"}, 1).value().counted);
  REQUIRE(store.nodes->change({.expected = 1, .put = {node_of("n1", 1, node_state::up)}}));
  CHECK(beat_of(store.nodes->beat({"n1"}, 1).value(), "n1") == 4);
  REQUIRE(store.nodes->change({.expected = 2, .put = {node_of("n1", 3)}}));
  const auto report = store.nodes->beat({"n1"}, 1).value();
  CHECK_FALSE(report.counted);
  CHECK(report.beats == std::vector{node_beat{{"n1"}, 3, 0}});
}

TEST_CASE_TEMPLATE("nodes: one that is down does not beat and is not watched", Backend, PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.nodes->change({.expected = 0, .put = {node_of("n1", 1, node_state::down), node_of("n2", 1)}}));
  const auto report = store.nodes->beat({"n1"}, 1).value();
  CHECK_FALSE(report.counted);
  CHECK(report.beats == std::vector{node_beat{{"n2"}, 1, 0}});
}

TEST_CASE_TEMPLATE("nodes: who has moved meanwhile is not changed", Backend, PARLEY_CLUSTER_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.nodes->change({.expected = 0, .put = {node_of("n1", 1), node_of("n2", 1)}}));
  const auto seen = store.nodes->beat({"n2"}, 1).value().beats;
  const view_change change{
      .expected = 1, .put = {node_of("n1", 1, node_state::down)}, .forgotten = {}, .silent = {seen.front()}};
  REQUIRE(store.nodes->beat({"n1"}, 1));
  CHECK(failed(store.nodes->change(change), errc::conflict));
  CHECK(store.nodes->read().value().version == 1);

  auto again = change;
  again.silent.front() = store.nodes->beat({"n2"}, 1).value().beats.front();
  auto of_another = again;
  of_another.silent.front().incarnation = 2;
  CHECK(failed(store.nodes->change(of_another), errc::conflict));
  REQUIRE(store.nodes->change(again));
  CHECK(store.nodes->read().value() == cluster_view{2, {node_of("n1", 1, node_state::down), node_of("n2", 1)}});
}

TEST_CASE_TEMPLATE("nodes: of rivals on connections of their own one makes each version, and no change is lost",
                   Backend, PARLEY_CLUSTER_BACKENDS) {
  constexpr int rivals = 2;
  constexpr int wins_wanted = 50;
  const fresh_stores<Backend> store;
  // In PostgreSQL each opens the database for itself; memory has nothing to open twice.
  std::vector<stores> opened;
  for (int i = 0; i < rivals; ++i) {
    if constexpr (std::is_same_v<Backend, memory_backend>)
      opened.push_back(store);
    else
      opened.push_back(store.backend->open());
  }
  std::atomic<int> conflicts{0};
  std::atomic<int> failures{0};
  const auto compete = [&](int rival) {
    auto& nodes = *opened[rival].nodes;
    for (int wins = 0; wins < wins_wanted;) {
      const auto seen = nodes.read();
      if (!seen) {
        ++failures;
        return;
      }
      // Both write the same row, so a change that overwrote another's would be missed in the sum.
      auto node = seen->nodes.empty() ? node_of("sum", 1) : seen->nodes.front();
      ++node.protocol_max;
      const auto done = nodes.change({.expected = seen->version, .put = {node}});
      if (done)
        ++wins;
      else if (done.error().code == errc::conflict)
        ++conflicts;
      else {
        ++failures;
        return;
      }
      failures += !nodes.beat({"sum"}, 1).has_value();
    }
  };
  std::vector<std::jthread> threads;
  for (int rival = 0; rival < rivals; ++rival) threads.emplace_back(compete, rival);
  threads.clear();
  MESSAGE(conflicts.load(), " conflicts");
  CHECK(failures == 0);
  const auto end = store.nodes->read().value();
  CHECK(end.version == rivals * wins_wanted);
  REQUIRE(end.nodes.size() == 1);
  CHECK(end.nodes.front().protocol_max == node_of("sum", 1).protocol_max + rivals * wins_wanted);
  CHECK(store.nodes->beat({"sum"}, 1).value().beats.front().beat == rivals * wins_wanted + conflicts + 1);
}

} // namespace parley::tests
