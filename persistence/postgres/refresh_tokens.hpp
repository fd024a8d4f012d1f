/// Refresh tokens: each works once, and a second use revokes all that descend from the same log-in.
///
/// Whoever adds or revokes locks the rows of the family first, so that no token is added to a family while it is
/// revoked. Within a transaction.

#pragma once

#include <parley/account_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// What is to be committed, and what is to be answered then.
struct refresh_use {
  refresh_grant grant;
  /// Why the token is not good; null: it is.
  const char* refused = nullptr;
};

/// As the functions of `account_store`.
[[nodiscard]] result<void> add_refresh(connection& in, const refresh_grant& grant);
[[nodiscard]] result<refresh_use> use_refresh(connection& in, const token_digest& digest, timestamp now);

/// Revokes the tokens of a device. They stay until they expire, so that one that is being renewed has no successor.
[[nodiscard]] result<void> revoke_refresh(connection& in, const user_id& user, const device_id& device);

} // namespace parley::persistence::postgres
