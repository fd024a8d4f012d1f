/// What a user sees of its conversations: one, the list, what a device has missed.

#pragma once

#include <optional>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// As the functions of `log_store`.
[[nodiscard]] result<std::optional<conversation_item>> find_item(database& in, const user_id& user,
                                                                 const conversation_id& conversation);
[[nodiscard]] result<std::vector<conversation_item>>
list_items(database& in, const user_id& user, const std::optional<list_position>& after, std::size_t limit);
[[nodiscard]] result<std::vector<backlog>> find_backlog(database& in, const user_id& user, const device_id& device,
                                                        std::size_t limit);

} // namespace parley::persistence::sqlite
