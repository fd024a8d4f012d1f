/// Queries about one conversation.

#pragma once

#include <optional>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// Seq of the newest entry, 0 if there is none.
[[nodiscard]] result<seq_no> find_head(database& in, const conversation_id& conversation);

[[nodiscard]] result<std::optional<conversation_snapshot>> load(database& in, const conversation_id& conversation);

[[nodiscard]] result<std::vector<entry>> read_range(database& in, const conversation_id& conversation,
                                                    const log_range& range);

[[nodiscard]] result<std::vector<entry>> read_changes(database& in, const conversation_id& conversation, seq_no first,
                                                      seq_no last, seq_no head);

[[nodiscard]] result<std::optional<entry>> find_by_client(database& in, const conversation_id& conversation,
                                                          const user_id& author, const client_id& client);

[[nodiscard]] result<std::optional<access>> find_access(database& in, const conversation_id& conversation,
                                                        const user_id& user);

[[nodiscard]] result<std::vector<member>> find_members(database& in, const conversation_id& conversation,
                                                       const std::optional<user_id>& after, std::size_t limit);

} // namespace parley::persistence::sqlite
