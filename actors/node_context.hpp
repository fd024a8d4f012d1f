/// What the actors of a node share. Owned by the node, which outlives them all.

#pragma once

#include <string>
#include <vector>

#include <parley/clock.hpp>
#include <parley/log_store.hpp>
#include <parley/settings.hpp>

#include "actors/delivery_table.hpp"
#include "actors/directory.hpp"
#include "actors/last_visits.hpp"
#include "actors/presence_memory.hpp"
#include "actors/rate_table.hpp"
#include "actors/store_lane.hpp"
#include "actors/store_readers.hpp"
#include "actors/unsettled_positions.hpp"

namespace parley::actors {

struct node_context {
  const parley::clock& clock;
  const settings& config;
  directory& actors;
  delivery_table& deliveries;
  unsettled_positions& unsettled;
  presence_shelf& presences;
  last_visits& visits;
  /// What users are charged for.
  rate_table& sends;
  rate_table& creations;
  rate_table& histories;
  store_readers readers;
  /// The lanes of `log`, which says what conversation belongs to which.
  std::vector<store_lane> lanes;
  const log_store& log;
  std::string node;

  [[nodiscard]] const store_lane& lane_of(const conversation_id& conversation) const {
    return lanes[log.lane_of(conversation)];
  }
};

} // namespace parley::actors
