/// Brings a database file to the layout that this program knows.

#pragma once

#include <string_view>
#include <vector>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// The text of `migrations/*.sql` in order; number n leads from version n - 1 to n. Files never change once released.
[[nodiscard]] std::vector<std::string_view> migrations();

/// Applies the migrations that `in` lacks, each in a transaction of its own. Refuses a database that is newer than the
/// program. The version is kept in SQLite's `user_version`.
[[nodiscard]] result<void> migrate(database& in);

} // namespace parley::persistence::sqlite
