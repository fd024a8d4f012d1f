/// SQLite's failures in our words.

#pragma once

#include <parley/error.hpp>

struct sqlite3;

namespace parley::persistence::sqlite {

/// Why the last call on `connection` failed: `conflict` if a key is taken, `internal` if our SQL is at fault (a broken
/// constraint, a missing table), else `unavailable`: disk full, I/O error, read-only, busy.
[[nodiscard]] error last_failure(sqlite3* connection);

} // namespace parley::persistence::sqlite
