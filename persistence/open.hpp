/// Opens the stores of a node.

#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <parley/stores.hpp>

namespace parley::persistence {

struct sqlite_options {
  /// Connections that read beside the writer; so many reads run at once, others wait their turn.
  unsigned readers = 2;
  /// How long to wait for a foreign program that holds the database, before the answer is `unavailable`.
  std::chrono::milliseconds busy_timeout{5'000};
};

/// What to do with a database of an older layout.
enum class migration_mode {
  apply,
  /// Refuse it; the role needs no right to change the layout.
  check,
};

struct postgres_options {
  /// A libpq connection string. What it says about TLS, time limits and names counts; the rest comes from here.
  std::string url;
  /// Databases that share the conversations by hash; `url` then keeps everything else. Each list works with one set of
  /// databases only, in its order, which it finds written in them.
  std::vector<std::string> shards;
  /// Connections to each database for everything but the lanes; so many calls run at once, others wait their turn.
  unsigned readers = 4;
  /// Connections to each database that append.
  unsigned lanes = 4;
  std::chrono::milliseconds statement_timeout{10'000};
  /// Whole seconds, at least two.
  std::chrono::milliseconds connect_timeout{3'000};
  migration_mode migrations = migration_mode::apply;
};

/// Empty stores that end with their last owner.
[[nodiscard]] result<stores> open_memory();

/// The stores in `file`. The file and its folder are made if need be (for the owner's eyes only), an older layout is
/// migrated, a newer one is refused.
///
/// One process at a time: `<file>.lock` is held until the stores are gone, and whoever comes second is told by whom.
[[nodiscard]] result<stores> open_sqlite(const std::filesystem::path& file, const sqlite_options& options = {});

/// The stores in a PostgreSQL database (version 13 or later, encoding UTF8), or in several. An older layout is migrated
/// or refused, a newer one is refused, and so is a shard that is not the one it should be. The servers have to be
/// there; when one goes away later, calls that need it are `unavailable` until it is back.
[[nodiscard]] result<stores> open_postgres(const postgres_options& options);

/// Brings the databases to the layout that this program needs, and does nothing else.
[[nodiscard]] result<void> migrate_postgres(const postgres_options& options);

} // namespace parley::persistence
