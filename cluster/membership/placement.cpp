#include "cluster/membership/placement.hpp"

#include <algorithm>
#include <iterator>

// Only the header is needed.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cluster/membership/view.hpp"

namespace parley::cluster {

shard_number shard_of(std::string_view type, std::string_view key) {
  XXH64_state_t state;
  XXH64_reset(&state, 0);
  XXH64_update(&state, type.data(), type.size());
  XXH64_update(&state, "/", 1);
  XXH64_update(&state, key.data(), key.size());
  return static_cast<shard_number>(XXH64_digest(&state) % shard_count);
}

std::uint64_t weight_of(const node_id& node, shard_number shard) {
  return XXH64(node.value.data(), node.value.size(), shard);
}

placement_table::placement_table(const cluster_view& view) : version_{view.version}, owners_{owners_in(view)} {
  // Whatever order they came in; then the later of two equal weights has the greater id.
  std::ranges::sort(owners_);
  for (std::size_t shard = 0; shard < shard_count; ++shard) {
    std::uint64_t heaviest = 0;
    for (std::size_t place = 0; place < owners_.size(); ++place) {
      const auto weight = weight_of(owners_[place], static_cast<shard_number>(shard));
      if (weight < heaviest) continue;
      heaviest = weight;
      rows_[shard] = static_cast<std::uint16_t>(place);
    }
  }
}

std::optional<std::uint16_t> placement_table::row_of(const node_id& node) const {
  const auto found = std::ranges::lower_bound(owners_, node);
  if (found == owners_.end() || *found != node) return std::nullopt;
  return static_cast<std::uint16_t>(found - owners_.begin());
}

bool placement_table::owns(const node_id& node, shard_number shard) const {
  const auto* owner = owner_of(shard);
  return owner && *owner == node;
}

std::vector<shard_number> placement_table::shards_of(const node_id& node) const {
  std::vector<shard_number> found;
  const auto row = row_of(node);
  for (std::size_t shard = 0; row && shard < shard_count; ++shard)
    if (rows_[shard] == *row) found.push_back(static_cast<shard_number>(shard));
  return found;
}

shard_change change_for(const node_id& node, const placement_table& before, const placement_table& after) {
  const auto had = before.shards_of(node);
  const auto has = after.shards_of(node);
  shard_change change;
  std::ranges::set_difference(has, had, std::back_inserter(change.gained));
  std::ranges::set_difference(had, has, std::back_inserter(change.lost));
  return change;
}

} // namespace parley::cluster
