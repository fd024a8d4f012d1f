#include "cluster/membership/placement.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cluster/membership/view.hpp"

namespace parley::tests {

using cluster::change_for;
using cluster::placement_table;
using cluster::shard_count;
using cluster::shard_number;
using cluster::shard_of;

namespace {

cluster_node node_of(std::size_t number, node_state state = node_state::up) {
  return {.id = {fmt::format("node-{:03}", number)},
          .incarnation = number + 1,
          .instance = {},
          .address = {},
          .protocol_min = 1,
          .protocol_max = 1,
          .state = state};
}

cluster_view view_of(std::size_t nodes) {
  cluster_view made{.version = nodes, .nodes = {}};
  for (std::size_t i = 0; i < nodes; ++i) made.nodes.push_back(node_of(i));
  return made;
}

bool same_rows(const placement_table& one, const placement_table& other) {
  for (std::size_t shard = 0; shard < shard_count; ++shard) {
    const auto number = static_cast<shard_number>(shard);
    if (*one.owner_of(number) != *other.owner_of(number)) return false;
  }
  return true;
}

/// How far the share of `shards` may be from what is fair, by chance: five standard deviations.
bool is_fair(std::size_t shards, std::size_t nodes) {
  const auto fair = static_cast<double>(shard_count) / static_cast<double>(nodes);
  return std::abs(static_cast<double>(shards) - fair) <= 5 * std::sqrt(fair);
}

} // namespace

TEST_CASE("placement: the shard of an actor is the same in every build") {
  CHECK(shard_of("conversation", "6f1c8f1e-5b1f-4a55-9c0e-0d4f5a7e3b21") == 609);
  CHECK(shard_of("user", "ann") == 329);
  CHECK(shard_of("user", "bob") == 31);
  CHECK(shard_of("presence", "ann") == 853);
  CHECK(shard_of("", "") == 746);
}

TEST_CASE("placement: the weight of a node is the same in every build") {
  CHECK(cluster::weight_of({"node-1"}, 0) == 1613676655550338725U);
  CHECK(cluster::weight_of({"node-1"}, 1'023) == 11683616375019601182U);
  CHECK(cluster::weight_of({"node-2"}, 0) == 15241459271517213064U);
}

TEST_CASE("placement: type and key are not run together, and shards are used evenly") {
  CHECK(shard_of("ab", "c") != shard_of("a", "bc"));
  std::vector<std::size_t> counts(shard_count);
  for (int i = 0; i < 102'400; ++i) ++counts[shard_of("user", fmt::format("user{}", i))];
  const auto [least, most] = std::ranges::minmax(counts);
  CHECK(least > 50);
  CHECK(most < 150);
}

TEST_CASE("placement: every node owns its share") {
  for (const std::size_t nodes : {3, 5, 16, 100}) {
    CAPTURE(nodes);
    const placement_table table{view_of(nodes)};
    std::size_t sum = 0;
    for (const auto& node : table.owners()) {
      const auto shards = table.shards_of(node);
      CHECK(is_fair(shards.size(), nodes));
      sum += shards.size();
      CHECK(std::ranges::all_of(shards, [&](shard_number shard) { return table.owns(node, shard); }));
    }
    CHECK(table.owners().size() == nodes);
    CHECK(sum == shard_count);
  }
}

TEST_CASE("placement: a node that comes or goes moves its own share and nothing else") {
  for (const std::size_t nodes : {3, 5, 16, 100}) {
    CAPTURE(nodes);
    const placement_table before{view_of(nodes)};
    const placement_table after{view_of(nodes + 1)};
    const auto newcomer = node_of(nodes).id;
    std::size_t moved = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto change = change_for(node_of(i).id, before, after);
      CHECK(change.gained.empty());
      CHECK(std::ranges::all_of(change.lost, [&](shard_number shard) { return after.owns(newcomer, shard); }));
      moved += change.lost.size();
      // The way back.
      CHECK(change_for(node_of(i).id, after, before).gained == change.lost);
    }
    CHECK(moved == change_for(newcomer, before, after).gained.size());
    CHECK(is_fair(moved, nodes + 1));
  }
}

TEST_CASE("placement: the order of the nodes does not matter") {
  std::mt19937 random{7};
  for (const std::size_t nodes : {3, 5, 16, 100}) {
    auto view = view_of(nodes);
    const placement_table table{view};
    for (int i = 0; i < 5; ++i) {
      std::ranges::shuffle(view.nodes, random);
      CHECK(same_rows(placement_table{view}, table));
    }
  }
}

TEST_CASE("placement: only nodes that are up own shards, unless every node drains") {
  const cluster_view mixed{.version = 9,
                           .nodes = {node_of(0, node_state::joining), node_of(1), node_of(2, node_state::draining),
                                     node_of(3, node_state::down), node_of(4)}};
  const placement_table table{mixed};
  CHECK(table.version() == 9);
  CHECK(table.owners() == std::vector{node_of(1).id, node_of(4).id});
  CHECK(table.shards_of(node_of(2).id).empty());

  const cluster_view leaving{.version = 1,
                             .nodes = {node_of(0, node_state::draining), node_of(1, node_state::joining)}};
  CHECK(placement_table{leaving}.shards_of(node_of(0).id).size() == shard_count);

  const placement_table nobody{{.version = 1, .nodes = {node_of(0, node_state::joining)}}};
  CHECK(nobody.owner_of(0) == nullptr);
  CHECK_FALSE(nobody.owns(node_of(0).id, 0));
  CHECK(change_for(node_of(0).id, placement_table{leaving}, nobody).lost.size() == shard_count);
}

TEST_CASE("placement: a node is found in its view") {
  const auto view = view_of(3);
  REQUIRE(cluster::find_node(view, node_of(1).id));
  CHECK(*cluster::find_node(view, node_of(1).id) == node_of(1));
  CHECK_FALSE(cluster::find_node(view, {"node-0015"}));
  CHECK_FALSE(cluster::find_node({}, node_of(1).id));
}

} // namespace parley::tests
