#include <utility>

#include "persistence/postgres/refresh_tokens.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

// A row that was inserted has not been touched by a transaction before.
const std::string note_use = "INSERT INTO devices AS d (\"user\", device, last_used) VALUES ($1, $2, $3)"
                             " ON CONFLICT (\"user\", device) DO UPDATE SET"
                             " last_used = greatest(d.last_used, excluded.last_used) RETURNING (xmax = 0)";
// A device that comes after the user has left lacks nothing of that conversation.
const std::string start_cursors =
    "INSERT INTO cursors (\"user\", device, conversation, seq)"
    " SELECT m.\"user\", $2::text, m.conversation, CASE WHEN m.left_seq = 0 THEN m.delivered ELSE m.left_seq END"
    " FROM members m WHERE m.\"user\" = $1"
    " ON CONFLICT (\"user\", device, conversation) DO UPDATE SET seq = excluded.seq";
const std::string remove_surplus =
    "WITH gone AS (DELETE FROM devices d WHERE d.\"user\" = $1 AND d.device IN"
    "  (SELECT o.device FROM devices o WHERE o.\"user\" = $1 AND o.device <> $2 ORDER BY o.last_used, o.device"
    "   LIMIT greatest(0, (SELECT count(*) FROM devices WHERE \"user\" = $1) - $3::bigint)) RETURNING d.device)"
    " DELETE FROM cursors k USING gone WHERE k.\"user\" = $1 AND k.device = gone.device";
const std::string delete_cursors = "DELETE FROM cursors WHERE \"user\" = $1 AND device = $2";
const std::string delete_device = "DELETE FROM devices WHERE \"user\" = $1 AND device = $2";
const std::string devices_of = "SELECT device, last_used, push FROM devices WHERE \"user\" = $1 ORDER BY device";
const std::string put_push = "UPDATE devices SET push = $3 WHERE \"user\" = $1 AND device = $2";
const std::string put_revocation = "INSERT INTO revocations AS r (\"user\", device, at) VALUES ($1, $2, $3)"
                                   " ON CONFLICT (\"user\", device) DO UPDATE SET at = greatest(r.at, excluded.at)";
const std::string all_revocations = "SELECT \"user\", device, at FROM revocations ORDER BY \"user\", device";

tl::unexpected<error> no_such_device() { return fail(errc::not_found, "no such device"); }

result<bool> note(connection& in, const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) {
  const auto fresh = in.first(
      note_use, [](row& row) { return row.take<bool>(); }, user, id, now);
  if (!fresh) return fail(fresh.error());
  if (!fresh->value_or(false)) return false;
  if (auto done = in.run(start_cursors, user, id); !done) return fail(done.error());
  if (devices_max > 0) {
    if (auto done = in.run(remove_surplus, user, id, devices_max); !done) return fail(done.error());
  }
  return true;
}

result<void> forget(connection& in, const user_id& user, const device_id& id, timestamp now) {
  const auto known = in.run(delete_device, user, id);
  if (!known) return fail(known.error());
  if (*known == 0) return no_such_device();
  if (auto done = in.run(delete_cursors, user, id); !done) return fail(done.error());
  if (auto done = revoke_refresh(in, user, id); !done) return done;
  if (auto done = in.run(put_revocation, user, id, now); !done) return fail(done.error());
  return {};
}

class devices_in_postgres final : public device_store {
public:
  explicit devices_in_postgres(std::shared_ptr<pool> to) : to_{std::move(to)} {}

  result<bool> touch(const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) override {
    return to_->change([&](connection& in) { return note(in, user, id, now, devices_max); });
  }

  result<std::vector<device>> list(const user_id& user) override {
    const auto read = [](row& row) {
      return device{.id = row.take<device_id>(), .last_used = row.take<timestamp>(), .push = row.take<std::string>()};
    };
    return to_->read([&](connection& in) { return in.rows(devices_of, read, user); });
  }

  result<void> set_push(const user_id& user, const device_id& id, const std::string& push) override {
    const auto done = to_->change([&](connection& in) { return in.run(put_push, user, id, push); });
    if (!done) return fail(done.error());
    if (*done == 0) return no_such_device();
    return {};
  }

  result<void> revoke(const user_id& user, const device_id& id, timestamp now) override {
    return to_->change([&](connection& in) { return forget(in, user, id, now); });
  }

  result<std::vector<revocation>> revocations() override {
    const auto read = [](row& row) {
      return revocation{.user = row.take<user_id>(), .device = row.take<device_id>(), .at = row.take<timestamp>()};
    };
    return to_->read([&](connection& in) { return in.rows(all_revocations, read); });
  }

private:
  std::shared_ptr<pool> to_;
};

} // namespace

std::shared_ptr<device_store> make_device_store(std::shared_ptr<pool> to) {
  return std::make_shared<devices_in_postgres>(std::move(to));
}

} // namespace parley::persistence::postgres
