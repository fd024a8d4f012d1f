/// The writing side of the log for a batch now and then: one transaction for all, a savepoint for each conversation.

#pragma once

#include <span>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/pool.hpp"

namespace parley::persistence::postgres {

/// As `log_store::write`.
[[nodiscard]] std::vector<result<write_outcome>> write_all(pool& to, std::span<const conversation_write> writes);

} // namespace parley::persistence::postgres
