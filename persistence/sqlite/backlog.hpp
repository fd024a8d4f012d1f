/// What a device of a user has missed.

#pragma once

#include <vector>

#include <parley/log_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// As `log_store::backlog_of`.
[[nodiscard]] result<std::vector<backlog>> find_backlog(database& in, const user_id& user, const device_id& device,
                                                        std::size_t limit);

} // namespace parley::persistence::sqlite
