#include "persistence/postgres/refresh_tokens.hpp"

#include "persistence/model_rows.hpp"

namespace parley::persistence::postgres {

namespace {

// In a statement of its own: the next one sees what was committed while this one waited.
const std::string lock_family = "SELECT 1 FROM refresh_tokens WHERE family = $1 ORDER BY digest FOR UPDATE";
const std::string lock_device =
    "SELECT 1 FROM refresh_tokens WHERE \"user\" = $1 AND device = $2 ORDER BY digest FOR UPDATE";
const std::string insert_token =
    "INSERT INTO refresh_tokens (digest, family, \"user\", device, expires_at) SELECT $1::bytea, $2::uuid, $3::text,"
    " $4::text, $5::bigint WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE family = $2 AND state = 2)";
const std::string find_token =
    "SELECT digest, family, \"user\", device, expires_at, state FROM refresh_tokens WHERE digest = $1";
const std::string mark_used = "UPDATE refresh_tokens SET state = 1 WHERE digest = $1";
const std::string revoke_family = "UPDATE refresh_tokens SET state = 2 WHERE family = $1";
const std::string revoke_device = "UPDATE refresh_tokens SET state = 2 WHERE \"user\" = $1 AND device = $2";
// What somebody else has in hand is left to the next one.
const std::string delete_expired = "DELETE FROM refresh_tokens WHERE digest IN"
                                   " (SELECT digest FROM refresh_tokens WHERE expires_at <= $1 FOR UPDATE SKIP LOCKED)";

/// The token as it is once its family is locked.
result<std::optional<refresh_token>> find_locked(connection& in, const token_digest& digest) {
  auto found = in.first(find_token, read_token, digest);
  if (!found || !*found) return found;
  if (auto done = in.run(lock_family, (*found)->grant.family); !done) return fail(done.error());
  return in.first(find_token, read_token, digest);
}

} // namespace

result<void> add_refresh(connection& in, const refresh_grant& grant) {
  if (auto done = in.run(lock_family, grant.family); !done) return fail(done.error());
  const auto done = in.run(insert_token, grant.digest, grant.family, grant.user, grant.device, grant.expires_at);
  if (!done && done.error().code == errc::conflict) return fail(errc::internal, "a refresh token was added twice");
  if (!done) return fail(done.error());
  if (*done == 0) return fail(errc::unauthenticated, "the log-in that this token descends from was revoked");
  return {};
}

result<refresh_use> use_refresh(connection& in, const token_digest& digest, timestamp now) {
  auto found = find_locked(in, digest);
  if (!found) return fail(found.error());
  if (!*found) return refresh_use{.grant = {}, .refused = "the refresh token is not known"};

  auto& [grant, state] = **found;
  const auto usable = state == token_state::usable;
  const auto done = usable ? in.run(mark_used, digest) : in.run(revoke_family, grant.family);
  if (!done) return fail(done.error());
  // Expired tokens are good for nothing, not even for finding out a thief.
  if (auto cleaned = in.run(delete_expired, now); !cleaned) return fail(cleaned.error());

  refresh_use use{.grant = std::move(grant)};
  if (!usable) use.refused = "the refresh token was used before; its log-in is revoked";
  if (usable && use.grant.expires_at <= now) use.refused = "the refresh token has expired";
  return use;
}

result<void> revoke_refresh(connection& in, const user_id& user, const device_id& device) {
  if (auto done = in.run(lock_device, user, device); !done) return fail(done.error());
  if (auto done = in.run(revoke_device, user, device); !done) return fail(done.error());
  return {};
}

} // namespace parley::persistence::postgres
