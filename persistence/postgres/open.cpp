#include "persistence/open.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "persistence/postgres/migrate.hpp"
#include "persistence/postgres/pool.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence {

namespace {

using postgres::connection;
using postgres::connection_options;

connection_options connection_of(const postgres_options& options) {
  return {
      .url = options.url, .connect_timeout = options.connect_timeout, .statement_timeout = options.statement_timeout};
}

// Beats wait for nobody, so they have a connection of their own, made when the first is asked for; and one that is not
// answered soon has failed: a node whose beats stand still for six seconds is taken for dead.
constexpr std::chrono::milliseconds beat_timeout{2'000};

std::shared_ptr<node_store> open_nodes(const postgres_options& options) {
  auto how = connection_of(options);
  how.connect_timeout = std::min(how.connect_timeout, beat_timeout);
  how.statement_timeout = std::min(how.statement_timeout, beat_timeout);
  return postgres::make_node_store(std::make_shared<postgres::pool>(std::move(how), 1));
}

/// A connection to a database of our layout.
result<connection> open_migrated(const postgres_options& options, migration_mode mode) {
  if (!options.shards.empty())
    return fail(errc::invalid_argument, "postgres.shards: conversations cannot be spread over several databases yet");
  auto made = connection::open(connection_of(options));
  if (!made) return made;
  if (auto done = postgres::migrate(*made, mode); !done) return fail(done.error());
  return made;
}

} // namespace

result<stores> open_postgres(const postgres_options& options) {
  auto first = open_migrated(options, options.migrations);
  if (!first) return fail(first.error().code, fmt::format("cannot open PostgreSQL: {}", first.error().detail));
  const auto shared = std::make_shared<postgres::pool>(connection_of(options), options.readers);
  shared->keep(*std::move(first));
  const postgres::append_lanes lanes{.connection = {.url = options.url,
                                                    .connect_timeout = options.connect_timeout,
                                                    .statement_timeout = options.statement_timeout},
                                     .count = std::max(1U, options.lanes)};
  return stores{postgres::make_log_store(shared, lanes), postgres::make_account_store(shared),
                postgres::make_device_store(shared), postgres::make_file_store(shared), open_nodes(options)};
}

result<void> migrate_postgres(const postgres_options& options) {
  const auto done = open_migrated(options, migration_mode::apply);
  if (!done) return fail(done.error().code, fmt::format("cannot migrate PostgreSQL: {}", done.error().detail));
  return {};
}

} // namespace parley::persistence
