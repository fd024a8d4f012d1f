/// What a user sees of its conversations: one, or the list; and whom it meets there.

#pragma once

#include <optional>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// As the functions of `log_store`.
[[nodiscard]] result<std::optional<conversation_item>> find_item(connection& in, const user_id& user,
                                                                 const conversation_id& conversation);
[[nodiscard]] result<std::vector<conversation_item>>
list_items(connection& in, const user_id& user, const std::optional<list_position>& after, std::size_t limit);

[[nodiscard]] result<std::vector<user_id>> find_acquaintances(connection& in, const user_id& user,
                                                              const std::vector<user_id>& others);

} // namespace parley::persistence::postgres
