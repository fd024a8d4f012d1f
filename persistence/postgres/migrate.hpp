/// Brings a database to the layout that this program knows.

#pragma once

#include <string_view>
#include <vector>

#include "persistence/open.hpp"
#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// The text of `migrations/*.sql` in order; number n leads from version n - 1 to n. Files never change once released.
[[nodiscard]] std::vector<std::string_view> migrations();

/// Applies the migrations that the database lacks, each in a transaction of its own, one program at a time; or says
/// that it lacks some. Refuses a database that is newer than the program. One that lacks nothing is only read.
[[nodiscard]] result<void> migrate(connection& in, migration_mode mode);

} // namespace parley::persistence::postgres
