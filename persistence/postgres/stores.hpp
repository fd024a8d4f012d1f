/// The stores of one database, which share its connections, and those of an installation with shards. Any thread.

#pragma once

#include <memory>

#include <parley/stores.hpp>

#include "persistence/postgres/append_lanes.hpp"
#include "persistence/postgres/pool.hpp"
#include "persistence/postgres/shard_pools.hpp"

namespace parley::persistence::postgres {

[[nodiscard]] std::shared_ptr<log_store> make_log_store(std::shared_ptr<pool> to, append_lanes lanes);
[[nodiscard]] std::shared_ptr<account_store> make_account_store(std::shared_ptr<pool> to);
[[nodiscard]] std::shared_ptr<device_store> make_device_store(std::shared_ptr<pool> to);
[[nodiscard]] std::shared_ptr<file_store> make_file_store(std::shared_ptr<pool> to);

// Where conversations are on shards, all of which have to be there for a new device; accounts are at home only.

[[nodiscard]] std::shared_ptr<device_store> make_device_store(std::shared_ptr<pool> home, shard_pools spread);
[[nodiscard]] std::shared_ptr<file_store> make_file_store(std::shared_ptr<pool> home, shard_pools spread);
[[nodiscard]] std::shared_ptr<node_store> make_node_store(std::shared_ptr<pool> to);

} // namespace parley::persistence::postgres
