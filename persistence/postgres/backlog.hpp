/// What a device of a user has missed.

#pragma once

#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// As `log_store::backlog_of`, with two statements, whatever the number of conversations.
[[nodiscard]] result<std::vector<backlog>> find_backlog(connection& in, const user_id& user, const device_id& device,
                                                        std::size_t limit);

} // namespace parley::persistence::postgres
