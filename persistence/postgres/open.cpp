#include "persistence/open.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "persistence/postgres/migrate.hpp"
#include "persistence/postgres/places.hpp"
#include "persistence/postgres/pool.hpp"
#include "persistence/postgres/stores.hpp"
#include "persistence/spread_log.hpp"

namespace parley::persistence {

namespace {

using postgres::connection;
using postgres::connection_options;
using postgres::pool;
using postgres::shard_pools;

/// More would only wait for the processor.
constexpr std::size_t helpers_max = 16;

connection_options home_of(const postgres_options& options) {
  return {
      .url = options.url, .connect_timeout = options.connect_timeout, .statement_timeout = options.statement_timeout};
}

connection_options shard_of(const postgres_options& options, std::size_t index) {
  auto shard = home_of(options);
  shard.url = options.shards[index];
  shard.name = fmt::format("shard {} of postgres.shards", index + 1);
  return shard;
}

/// A connection to a database of our layout.
result<connection> open_migrated(const connection_options& options, migration_mode mode) {
  const auto named = [&](const error& why) { return fail(why.code, fmt::format("{}: {}", options.name, why.detail)); };
  auto made = connection::open(options);
  if (!made) return named(made.error());
  if (auto done = postgres::migrate(*made, mode); !done) return named(done.error());
  return made;
}

// Beats wait for nobody, so they have a connection of their own, made when the first is asked for; and one that is not
// answered soon has failed: a node whose beats stand still for six seconds is taken for dead.
constexpr std::chrono::milliseconds beat_timeout{2'000};

std::shared_ptr<node_store> open_nodes(const postgres_options& options) {
  auto how = home_of(options);
  how.connect_timeout = std::min(how.connect_timeout, beat_timeout);
  how.statement_timeout = std::min(how.statement_timeout, beat_timeout);
  return postgres::make_node_store(std::make_shared<pool>(std::move(how), 1));
}

result<std::vector<connection>> open_shards(const postgres_options& options, migration_mode mode) {
  std::vector<connection> shards;
  for (std::size_t i = 0; i < options.shards.size(); ++i) {
    auto made = open_migrated(shard_of(options, i), mode);
    if (!made) return fail(made.error());
    shards.push_back(*std::move(made));
  }
  return shards;
}

std::shared_ptr<pool> pool_of(const connection_options& to, unsigned size, connection first) {
  auto made = std::make_shared<pool>(to, size);
  made->keep(std::move(first));
  return made;
}

postgres::append_lanes lanes_of(const connection_options& to, unsigned count) {
  return {
      .connection = {.url = to.url, .connect_timeout = to.connect_timeout, .statement_timeout = to.statement_timeout},
      .count = std::max(1U, count)};
}

result<stores> open_alone(const postgres_options& options, connection home) {
  if (auto done = postgres::check_alone(home); !done) return fail(done.error());
  const auto at_home = pool_of(home_of(options), options.readers, std::move(home));
  return stores{postgres::make_log_store(at_home, lanes_of(home_of(options), options.lanes)),
                postgres::make_account_store(at_home), postgres::make_device_store(at_home),
                postgres::make_file_store(at_home)};
}

result<stores> open_spread(const postgres_options& options, connection home) {
  auto opened = open_shards(options, options.migrations);
  if (!opened) return fail(opened.error());
  if (auto done = postgres::take_places(home, *opened); !done) return fail(done.error());

  const auto count = opened->size();
  // Whoever asks does its own share.
  const auto helpers = std::make_shared<crew>(std::min(options.readers * (count - 1), helpers_max));
  shard_pools shards{.pools = {}, .helpers = helpers};
  std::vector<std::shared_ptr<log_store>> logs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto to = shard_of(options, i);
    shards.pools.push_back(pool_of(to, options.readers, std::move((*opened)[i])));
    logs.push_back(postgres::make_log_store(shards.pools.back(), lanes_of(to, options.lanes)));
  }
  const auto at_home = pool_of(home_of(options), options.readers, std::move(home));
  return stores{spread(std::move(logs), helpers), postgres::make_account_store(at_home),
                postgres::make_device_store(at_home, shards), postgres::make_file_store(at_home, shards)};
}

result<stores> open_all(const postgres_options& options) {
  auto home = open_migrated(home_of(options), options.migrations);
  if (!home) return fail(home.error());
  return options.shards.empty() ? open_alone(options, *std::move(home)) : open_spread(options, *std::move(home));
}

result<void> migrate_all(const postgres_options& options) {
  if (const auto home = open_migrated(home_of(options), migration_mode::apply); !home) return fail(home.error());
  if (const auto shards = open_shards(options, migration_mode::apply); !shards) return fail(shards.error());
  return {};
}

} // namespace

result<stores> open_postgres(const postgres_options& options) {
  auto opened = open_all(options);
  if (!opened) return fail(opened.error().code, fmt::format("cannot open PostgreSQL: {}", opened.error().detail));
  opened->nodes = open_nodes(options);
  return opened;
}

result<void> migrate_postgres(const postgres_options& options) {
  const auto done = migrate_all(options);
  if (!done) return fail(done.error().code, fmt::format("cannot migrate PostgreSQL: {}", done.error().detail));
  return {};
}

} // namespace parley::persistence
