// simulate [NODES]: what placement and a change of the view cost with so many nodes (1,000 if not said).

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cluster/membership/placement.hpp"
#include "tools/simulate/view_change.hpp"

namespace parley::simulate {

namespace {

using cluster::placement_table;
using cluster::shard_count;

cluster_view view_of(std::size_t nodes) {
  cluster_view made{.version = nodes, .nodes = {}};
  for (std::size_t i = 0; i < nodes; ++i)
    made.nodes.push_back({.id = {fmt::format("node-{:04}", i)},
                          .incarnation = i + 1,
                          .instance = {},
                          .address = fmt::format("10.0.{}.{}:7000", i / 250, i % 250),
                          .protocol_min = 1,
                          .protocol_max = 1,
                          .state = node_state::up});
  return made;
}

void print_time(const cluster_view& view) {
  std::vector<double> times;
  std::size_t bytes = 0;
  for (int i = 0; i < 21; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const placement_table table{view};
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    bytes = sizeof table + table.owners().capacity() * sizeof(node_id);
  }
  std::ranges::sort(times);
  fmt::print("table          {:.2f} ms (median of {}), {} bytes\n", times[times.size() / 2], times.size(), bytes);
}

void print_balance(const placement_table& table) {
  const auto nodes = static_cast<double>(table.owners().size());
  const auto mean = static_cast<double>(shard_count) / nodes;
  std::vector<std::size_t> shares;
  double squares = 0;
  for (const auto& node : table.owners()) {
    shares.push_back(table.shards_of(node).size());
    squares += std::pow(static_cast<double>(shares.back()) - mean, 2);
  }
  const auto [least, most] = std::ranges::minmax(shares);
  fmt::print("balance        {:.2f} shards a node, {} to {}, standard deviation {:.2f}, {} nodes with none\n", mean,
             least, most, std::sqrt(squares / nodes), std::ranges::count(shares, std::size_t{0}));
}

std::size_t moved_between(const placement_table& before, const placement_table& after) {
  std::size_t moved = 0;
  for (std::size_t shard = 0; shard < shard_count; ++shard) {
    const auto number = static_cast<cluster::shard_number>(shard);
    moved += *before.owner_of(number) != *after.owner_of(number);
  }
  return moved;
}

/// Averages over every node that could be the one to go or to come.
void print_moves(std::size_t nodes) {
  auto view = view_of(nodes + 1);
  const placement_table larger{view};
  double moved = 0;
  std::size_t most = 0;
  constexpr std::size_t samples = 50;
  for (std::size_t i = 0; i < samples; ++i) {
    auto smaller = view;
    smaller.nodes.erase(smaller.nodes.begin() + static_cast<std::ptrdiff_t>(i * nodes / samples));
    const auto count = moved_between(larger, placement_table{smaller});
    moved += static_cast<double>(count) / samples;
    most = std::max(most, count);
  }
  fmt::print("one more/less  moves {:.2f} shards of {} on average ({:.3f} %), {} at most; fair: {:.2f}\n", moved,
             shard_count, 100 * moved / shard_count, most,
             static_cast<double>(shard_count) / static_cast<double>(nodes + 1));
}

void print_change(std::size_t nodes, bool is_refused) {
  const auto cost = lose_one_of(nodes, is_refused);
  fmt::print("{}  marked down after {} ms, known to all after {} ms; store: {} beats, {} reads, {} changes, {} refused "
             "({} calls/s at rest); {:.1f} us of thinking a node\n",
             is_refused ? "death, refused" : "death, silent ", cost.until_marked.count(), cost.until_all_know.count(),
             cost.beats, cost.reads, cost.changes, cost.refused_changes, cost.idle_calls,
             static_cast<double>(cost.thinking.count()) / static_cast<double>(nodes));
}

} // namespace

} // namespace parley::simulate

int main(int argc, char** argv) {
  using namespace parley::simulate;
  std::size_t nodes = 1'000;
  if (argc > 1) {
    const std::string_view text{argv[1]};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), nodes);
    if (failure != std::errc{} || end != text.data() + text.size() || nodes < 10 || nodes > 10'000 || argc > 2) {
      fmt::print(stderr, "usage: simulate [NODES]   10 to 10000\n");
      return 1;
    }
  }
  fmt::print("{} nodes, {} shards\n", nodes, parley::cluster::shard_count);
  print_time(view_of(nodes));
  print_balance(parley::cluster::placement_table{view_of(nodes)});
  print_moves(nodes);
  print_change(nodes, false);
  print_change(nodes, true);
}
