/// One log store made of several: each conversation is in one of them, its shard, by `shard_of`.
///
/// What is asked of one conversation goes to its shard alone, so a shard that is away takes nothing from the others.
/// What is asked of a user (its list, its backlog, a search everywhere, whom it knows) is asked of all shards at once
/// and put together in the promised order; one that is away makes the answer `unavailable`, because half of a list
/// would look like a whole one. These answers are of one moment in each shard, not across them.
///
/// `write` makes one transaction in each shard that it touches. Lanes are those of all shards, one behind the other.

#pragma once

#include <memory>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/crew.hpp"

namespace parley::persistence {

/// At least one shard. Their order and number decide who keeps what, so they never change.
[[nodiscard]] std::shared_ptr<log_store> spread(std::vector<std::shared_ptr<log_store>> shards,
                                                std::shared_ptr<crew> helpers);

} // namespace parley::persistence
