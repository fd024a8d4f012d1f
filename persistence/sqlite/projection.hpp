/// What is written beside the entries of a conversation: its record, members, positions, cursors and attachments.

#pragma once

#include <parley/log_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// Within the transaction of the entries.
[[nodiscard]] result<void> project(database& in, const conversation_write& write);

} // namespace parley::persistence::sqlite
