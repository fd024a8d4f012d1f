/// Queries about one conversation.

#pragma once

#include <optional>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// Takes several statements: within `read_moment`.
[[nodiscard]] result<std::optional<conversation_snapshot>> load(connection& in, const conversation_id& conversation);

[[nodiscard]] result<std::vector<entry>> read_range(connection& in, const conversation_id& conversation,
                                                    const log_range& range);

[[nodiscard]] result<std::vector<entry>> read_changes(connection& in, const conversation_id& conversation, seq_no first,
                                                      seq_no last, seq_no head);

[[nodiscard]] result<std::optional<entry>> find_by_client(connection& in, const conversation_id& conversation,
                                                          const user_id& author, const client_id& client);

[[nodiscard]] result<std::optional<access>> find_access(connection& in, const conversation_id& conversation,
                                                        const user_id& user);

[[nodiscard]] result<std::vector<member>> find_members(connection& in, const conversation_id& conversation,
                                                       const std::optional<user_id>& after, std::size_t limit);

} // namespace parley::persistence::postgres
