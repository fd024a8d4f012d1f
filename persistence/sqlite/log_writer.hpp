/// The writing side of the log: one transaction for all, a savepoint for each conversation.

#pragma once

#include <span>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// As `log_store::write`.
[[nodiscard]] std::vector<result<write_outcome>> write_all(database& in, std::span<const conversation_write> writes);

} // namespace parley::persistence::sqlite
