/// Finding messages by their words.

#pragma once

#include <vector>

#include <parley/log_store.hpp>

#include "persistence/sqlite/connections.hpp"

namespace parley::persistence::sqlite {

/// As `log_store::search`.
[[nodiscard]] result<std::vector<entry>> search(connections& to, const user_id& user, const search_query& what);

} // namespace parley::persistence::sqlite
