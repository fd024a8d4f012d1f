/// What PostgreSQL answers to the statements of an append lane.

#pragma once

#include <optional>
#include <vector>

#include "persistence/postgres/append_planner.hpp"

struct pg_result;

namespace parley::persistence::postgres {

/// Why a statement failed. Nothing: the server ended the connection, and what became of the transaction is not known.
[[nodiscard]] std::optional<refusal> read_refusal(const pg_result& failed);

/// The rows of `look`, in binary form, for a step of so many writes.
[[nodiscard]] std::vector<standing> read_standings(const pg_result& rows, std::size_t writes);

} // namespace parley::persistence::postgres
