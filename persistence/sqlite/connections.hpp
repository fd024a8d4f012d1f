/// Everything that is open while a database file is in use: the lock, the one connection that writes, those that read.

#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "persistence/open.hpp"
#include "persistence/sqlite/lock_file.hpp"
#include "persistence/sqlite/pool.hpp"

namespace parley::persistence::sqlite {

/// The order of the members is the order of their ends: the lock goes last.
struct connections {
  connections(lock_file held, std::vector<database> writing, std::vector<database> reading)
      : lock{std::move(held)}, writer{std::move(writing)}, readers{std::move(reading)} {}

  lock_file lock;
  pool writer;
  pool readers;
};

/// Makes the file if need be, locks it, migrates it and opens the connections.
[[nodiscard]] result<std::shared_ptr<connections>> open_connections(const std::filesystem::path& file,
                                                                    const sqlite_options& options);

} // namespace parley::persistence::sqlite
