/// What is written beside the entries of a conversation: its record, members, positions, cursors and attachments.

#pragma once

#include <parley/log_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// Within the transaction of the entries.
[[nodiscard]] result<void> project(connection& in, const conversation_write& write);

} // namespace parley::persistence::postgres
