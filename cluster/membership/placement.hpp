/// Which node owns which virtual actor: the same answer on every node that holds the same view.
///
/// Actors are spread over 1,024 shards, shards over nodes by rendezvous: each node has a weight for each shard, and the
/// heaviest owns it. So a node that comes takes only what becomes its own, and what a node leaves goes to all others.
///
/// Nodes of different versions have to agree, so neither formula ever changes:
///
///     shard  = XXH64(type "/" key, seed 0) mod 1024
///     weight = XXH64(node id, seed shard); of equal weights the greater id wins
///
/// Values: any thread may read them.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <parley/node_store.hpp>

namespace parley::cluster {

using shard_number = std::uint16_t;

constexpr std::size_t shard_count = 1'024;

[[nodiscard]] shard_number shard_of(std::string_view type, std::string_view key);

[[nodiscard]] std::uint64_t weight_of(const node_id& node, shard_number shard);

class placement_table {
public:
  /// Of a view without nodes.
  placement_table() = default;
  explicit placement_table(const cluster_view& view);

  /// Of the view that it was made from.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// Null when nobody owns anything. Valid as long as the table.
  [[nodiscard]] const node_id* owner_of(shard_number shard) const {
    return owners_.empty() ? nullptr : &owners_[rows_[shard]];
  }
  [[nodiscard]] bool owns(const node_id& node, shard_number shard) const;
  /// In ascending order.
  [[nodiscard]] std::vector<shard_number> shards_of(const node_id& node) const;
  /// Everyone that shards were given to, although one among very many may have got none.
  [[nodiscard]] const std::vector<node_id>& owners() const { return owners_; }

private:
  /// As they stand in `rows_`, if the node is one of the owners.
  [[nodiscard]] std::optional<std::uint16_t> row_of(const node_id& node) const;

  std::uint64_t version_ = 0;
  std::vector<node_id> owners_;
  /// Places in `owners_`.
  std::array<std::uint16_t, shard_count> rows_{};
};

/// What becomes of the shards of one node; both in ascending order.
struct shard_change {
  std::vector<shard_number> gained;
  std::vector<shard_number> lost;
};

[[nodiscard]] shard_change change_for(const node_id& node, const placement_table& before, const placement_table& after);

} // namespace parley::cluster
