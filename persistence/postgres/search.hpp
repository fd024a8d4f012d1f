/// Searching for messages by their words.

#pragma once

#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/pool.hpp"

namespace parley::persistence::postgres {

/// As `log_store::search`.
[[nodiscard]] result<std::vector<entry>> search(pool& to, const user_id& user, const search_query& what);

} // namespace parley::persistence::postgres
