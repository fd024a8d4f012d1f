/// Refresh tokens: each works once, and a second use revokes all that descend from the same log-in.

#pragma once

#include <parley/account_store.hpp>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

/// As the functions of `account_store`.
[[nodiscard]] result<void> add_refresh(database& in, const refresh_grant& grant);
[[nodiscard]] result<refresh_grant> use_refresh(database& in, const token_digest& digest, timestamp now);

/// Revokes the tokens of a device. They stay until they expire, so that one that is being renewed has no successor.
[[nodiscard]] result<void> revoke_refresh(database& in, const user_id& user, const device_id& device);

} // namespace parley::persistence::sqlite
