/// The writing side of the log in memory.

#pragma once

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

/// Writes all of `write` or nothing. The caller holds the mutex of `all`.
[[nodiscard]] result<write_outcome> apply(state& all, const conversation_write& write);

} // namespace parley::persistence::memory
