/// The statements of an append lane and the parameters of a transaction, column by column.
///
/// Rows stand in the order of their keys, so that rivals lock them in the same order and seldom deadlock.

#pragma once

#include <string_view>
#include <vector>

#include "persistence/postgres/append_arrays.hpp"
#include "persistence/postgres/append_planner.hpp"

namespace parley::persistence::postgres {

/// Prepared on every connection of a lane.
struct append_statement {
  const char* name;
  const char* text;
  std::vector<element_type> columns;
};

/// All of them.
[[nodiscard]] const std::vector<append_statement>& append_statements();

/// One of them with its parameters.
struct append_call {
  const append_statement* statement;
  std::vector<array_column> columns;
};

/// What `step` asks, in this order. Nothing at all for writes of nothing.
[[nodiscard]] std::vector<append_call> calls_of(const append_step& step);

} // namespace parley::persistence::postgres
