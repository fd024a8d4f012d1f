/// The lanes of a database: how many, and which one a conversation belongs to. Any thread.

#pragma once

#include <cstddef>
#include <memory>

#include <parley/log_lane.hpp>

#include "persistence/postgres/append_connection.hpp"

namespace parley::persistence::postgres {

struct append_lanes {
  append_connection_options connection;
  std::size_t count = 1;

  /// The same on every machine and in every version (FNV-1a), so that whoever shares the work agrees on it.
  [[nodiscard]] std::size_t lane_of(const conversation_id& conversation) const;
  [[nodiscard]] std::unique_ptr<log_lane> open() const;
};

} // namespace parley::persistence::postgres
