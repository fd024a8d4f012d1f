/// Opens the stores of a node.

#pragma once

#include <chrono>
#include <filesystem>

#include <parley/stores.hpp>

namespace parley::persistence {

struct sqlite_options {
  /// Connections that read beside the writer; so many reads run at once, others wait their turn.
  unsigned readers = 2;
  /// How long to wait for a foreign program that holds the database, before the answer is `unavailable`.
  std::chrono::milliseconds busy_timeout{5'000};
};

/// Empty stores that end with their last owner.
[[nodiscard]] result<stores> open_memory();

/// The stores in `file`. The file and its folder are made if need be (for the owner's eyes only), an older layout is
/// migrated, a newer one is refused.
///
/// One process at a time: `<file>.lock` is held until the stores are gone, and whoever comes second is told by whom.
[[nodiscard]] result<stores> open_sqlite(const std::filesystem::path& file, const sqlite_options& options = {});

} // namespace parley::persistence
