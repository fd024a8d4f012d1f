/// What the log says about a write that was not plainly committed.

#pragma once

#include <optional>

#include <parley/log_store.hpp>

#include "persistence/postgres/append_planner.hpp"

namespace parley::persistence::postgres {

/// Of a write that was refused: whether it is at fault, and why. Nothing: it may be sent again.
[[nodiscard]] std::optional<write_outcome> judge_refused(const conversation_write& write, const standing& now);

/// Of a write whose transaction was lost from sight. Nothing: it is not there, but may still come.
[[nodiscard]] std::optional<write_outcome> judge_lost(const conversation_write& write, const standing& now);

} // namespace parley::persistence::postgres
