/// Rows beside the log that the writes of one transaction touch: each once, ordered by key. One statement may not
/// touch a row twice.

#pragma once

#include <utility>
#include <vector>

#include <parley/log_store.hpp>

namespace parley::persistence::postgres {

using append_writes = std::vector<const conversation_write*>;

/// The last of several rows for one member counts, with the highest watermarks of all.
[[nodiscard]] std::vector<std::pair<conversation_id, member>> member_rows(const append_writes& writes);
[[nodiscard]] std::vector<std::pair<conversation_id, position_update>> position_rows(const append_writes& writes);
[[nodiscard]] std::vector<std::pair<conversation_id, cursor_update>> cursor_rows(const append_writes& writes);
[[nodiscard]] std::vector<std::pair<file_id, conversation_id>> file_rows(const append_writes& writes);

} // namespace parley::persistence::postgres
