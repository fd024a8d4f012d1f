#include "persistence/sqlite/refresh_tokens.hpp"

#include "persistence/model_rows.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view insert_token =
    "INSERT INTO refresh_tokens (digest, family, user, device, expires_at)"
    " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE family = ?2 AND state = 2)";
constexpr std::string_view find_token =
    "SELECT digest, family, user, device, expires_at, state FROM refresh_tokens WHERE digest = ?1";
constexpr std::string_view mark_used = "UPDATE refresh_tokens SET state = 1 WHERE digest = ?1";
constexpr std::string_view revoke_family = "UPDATE refresh_tokens SET state = 2 WHERE family = ?1";
constexpr std::string_view revoke_device = "UPDATE refresh_tokens SET state = 2 WHERE user = ?1 AND device = ?2";
constexpr std::string_view delete_expired = "DELETE FROM refresh_tokens WHERE expires_at <= ?1";

} // namespace

result<void> add_refresh(database& in, const refresh_grant& grant) {
  const auto done = in.run(insert_token, grant.digest, grant.family, grant.user, grant.device, grant.expires_at);
  if (!done && done.error().code == errc::conflict) return fail(errc::internal, "a refresh token was added twice");
  if (!done) return fail(done.error());
  if (*done == 0) return fail(errc::unauthenticated, "the log-in that this token descends from was revoked");
  return {};
}

result<refresh_grant> use_refresh(database& in, const token_digest& digest, timestamp now) {
  auto all = transaction::begin_write(in);
  if (!all) return fail(all.error());
  const auto found = in.first(find_token, read_token, digest);
  if (!found) return fail(found.error());
  if (!*found) return fail(errc::unauthenticated, "the refresh token is not known");

  const auto& [grant, state] = **found;
  const auto usable = state == token_state::usable;
  const auto expired = grant.expires_at <= now;
  const auto done = usable ? in.run(mark_used, digest) : in.run(revoke_family, grant.family);
  if (!done) return fail(done.error());
  // Expired tokens are good for nothing, not even for finding out a thief.
  if (auto cleaned = in.run(delete_expired, now); !cleaned) return fail(cleaned.error());
  if (auto kept = all->commit(); !kept) return fail(kept.error());

  if (!usable) return fail(errc::unauthenticated, "the refresh token was used before; its log-in is revoked");
  if (expired) return fail(errc::unauthenticated, "the refresh token has expired");
  return grant;
}

result<void> revoke_refresh(database& in, const user_id& user, const device_id& device) {
  if (auto done = in.run(revoke_device, user, device); !done) return fail(done.error());
  return {};
}

} // namespace parley::persistence::sqlite
