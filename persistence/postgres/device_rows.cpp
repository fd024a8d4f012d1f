#include "persistence/postgres/device_rows.hpp"

#include "persistence/postgres/refresh_tokens.hpp"

namespace parley::persistence::postgres {

namespace {

// A row that was inserted has not been touched by a transaction before.
const std::string note_use = "INSERT INTO devices AS d (\"user\", device, last_used) VALUES ($1, $2, $3)"
                             " ON CONFLICT (\"user\", device) DO UPDATE SET"
                             " last_used = greatest(d.last_used, excluded.last_used) RETURNING (xmax = 0)";
const std::string note_known_use = "UPDATE devices SET last_used = greatest(last_used, $3)"
                                   " WHERE \"user\" = $1 AND device = $2";
// A device that comes after the user has left lacks nothing of that conversation.
const std::string start_cursors =
    "INSERT INTO cursors (\"user\", device, conversation, seq)"
    " SELECT m.\"user\", $2::text, m.conversation, CASE WHEN m.left_seq = 0 THEN m.delivered ELSE m.left_seq END"
    " FROM members m WHERE m.\"user\" = $1"
    " ON CONFLICT (\"user\", device, conversation) DO UPDATE SET seq = excluded.seq";
const std::string enlist_absent =
    "WITH fresh AS (INSERT INTO devices (\"user\", device, last_used) VALUES ($1, $2, $3)"
    "  ON CONFLICT (\"user\", device) DO NOTHING RETURNING 1)"
    " INSERT INTO cursors (\"user\", device, conversation, seq)"
    " SELECT m.\"user\", $2::text, m.conversation, CASE WHEN m.left_seq = 0 THEN m.delivered ELSE m.left_seq END"
    " FROM members m WHERE m.\"user\" = $1 AND EXISTS (SELECT 1 FROM fresh)"
    " ON CONFLICT (\"user\", device, conversation) DO NOTHING";
const std::string remove_surplus =
    "WITH gone AS (DELETE FROM devices d WHERE d.\"user\" = $1 AND d.device IN"
    "  (SELECT o.device FROM devices o WHERE o.\"user\" = $1 AND o.device <> $2 ORDER BY o.last_used, o.device"
    "   LIMIT greatest(0, (SELECT count(*) FROM devices WHERE \"user\" = $1) - $3::bigint)) RETURNING d.device),"
    " forgotten AS (DELETE FROM cursors k USING gone WHERE k.\"user\" = $1 AND k.device = gone.device)"
    " SELECT device FROM gone ORDER BY device";
const std::string delete_cursors = "DELETE FROM cursors WHERE \"user\" = $1 AND device = ANY($2::text[])";
const std::string delete_devices = "DELETE FROM devices WHERE \"user\" = $1 AND device = ANY($2::text[])";
const std::string put_revocation = "INSERT INTO revocations AS r (\"user\", device, at) VALUES ($1, $2, $3)"
                                   " ON CONFLICT (\"user\", device) DO UPDATE SET at = greatest(r.at, excluded.at)";

} // namespace

result<noted_device> note_device(connection& in, const user_id& user, const device_id& id, timestamp now,
                                 std::size_t devices_max) {
  const auto fresh = in.first(
      note_use, [](row& row) { return row.take<bool>(); }, user, id, now);
  if (!fresh) return fail(fresh.error());
  if (!fresh->value_or(false)) return noted_device{};
  if (auto done = in.run(start_cursors, user, id); !done) return fail(done.error());
  noted_device noted{.is_new = true, .gone = {}};
  if (devices_max > 0) {
    auto gone = in.rows(
        remove_surplus, [](row& row) { return row.take<device_id>(); }, user, id, devices_max);
    if (!gone) return fail(gone.error());
    noted.gone = *std::move(gone);
  }
  return noted;
}

result<void> forget_device(connection& in, const user_id& user, const device_id& id, timestamp now) {
  const auto known = in.run(delete_devices, user, array_of(std::vector{id}));
  if (!known) return fail(known.error());
  if (*known == 0) return fail(errc::not_found, "no such device");
  if (auto done = in.run(delete_cursors, user, array_of(std::vector{id})); !done) return fail(done.error());
  if (auto done = revoke_refresh(in, user, id); !done) return done;
  if (auto done = in.run(put_revocation, user, id, now); !done) return fail(done.error());
  return {};
}

result<bool> note_known_device(connection& in, const user_id& user, const device_id& id, timestamp now) {
  const auto known = in.run(note_known_use, user, id, now);
  if (!known) return fail(known.error());
  return *known > 0;
}

result<void> enlist_device(connection& in, const user_id& user, const device_id& id, timestamp now) {
  if (auto done = in.run(note_use, user, id, now); !done) return fail(done.error());
  if (auto done = in.run(start_cursors, user, id); !done) return fail(done.error());
  return {};
}

result<void> enlist_if_absent(connection& in, const user_id& user, const device_id& id, timestamp now) {
  if (auto done = in.run(enlist_absent, user, id, now); !done) return fail(done.error());
  return {};
}

result<void> strike_devices(connection& in, const user_id& user, const std::vector<device_id>& ids) {
  if (auto done = in.run(delete_devices, user, array_of(ids)); !done) return fail(done.error());
  if (auto done = in.run(delete_cursors, user, array_of(ids)); !done) return fail(done.error());
  return {};
}

} // namespace parley::persistence::postgres
