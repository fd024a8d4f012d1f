#include <utility>

#include "persistence/sqlite/refresh_tokens.hpp"
#include "persistence/sqlite/stores.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view note_use =
    "UPDATE devices SET last_used = max(last_used, ?3) WHERE user = ?1 AND device = ?2";
constexpr std::string_view insert_device = "INSERT INTO devices (user, device, last_used) VALUES (?1, ?2, ?3)";
// A device that comes after the user has left lacks nothing of that conversation.
constexpr std::string_view start_cursors =
    "INSERT INTO cursors (user, device, conversation, seq)"
    " SELECT m.user, ?2, m.conversation, CASE WHEN m.left_seq = 0 THEN m.delivered ELSE m.left_seq END"
    " FROM members m WHERE m.user = ?1";
// A negative LIMIT would mean none.
constexpr std::string_view surplus_of =
    "SELECT device FROM devices WHERE user = ?1 AND device <> ?2 ORDER BY last_used, device"
    " LIMIT max(0, (SELECT count(*) FROM devices WHERE user = ?1) - ?3)";
constexpr std::string_view delete_cursors = "DELETE FROM cursors WHERE user = ?1 AND device = ?2";
constexpr std::string_view delete_device = "DELETE FROM devices WHERE user = ?1 AND device = ?2";
constexpr std::string_view devices_of = "SELECT device, last_used, push FROM devices WHERE user = ?1 ORDER BY device";
constexpr std::string_view put_push = "UPDATE devices SET push = ?3 WHERE user = ?1 AND device = ?2";
constexpr std::string_view put_revocation = "INSERT INTO revocations (user, device, at) VALUES (?1, ?2, ?3)"
                                            " ON CONFLICT (user, device) DO UPDATE SET at = max(at, ?3)";
constexpr std::string_view all_revocations = "SELECT user, device, at FROM revocations ORDER BY user, device";

tl::unexpected<error> no_such_device() { return fail(errc::not_found, "no such device"); }

/// Returns whether there was such a device.
result<bool> remove(database& in, const user_id& user, const device_id& device) {
  if (auto done = in.run(delete_cursors, user, device); !done) return fail(done.error());
  const auto done = in.run(delete_device, user, device);
  if (!done) return fail(done.error());
  return *done > 0;
}

result<void> add(database& in, const user_id& user, const device_id& id, timestamp now) {
  if (auto done = in.run(insert_device, user, id, now); !done) return fail(done.error());
  if (auto done = in.run(start_cursors, user, id); !done) return fail(done.error());
  return {};
}

result<void> remove_surplus(database& in, const user_id& user, const device_id& but, std::size_t devices_max) {
  const auto surplus = in.rows(
      surplus_of, [](row& row) { return row.take<device_id>(); }, user, but, devices_max);
  if (!surplus) return fail(surplus.error());
  for (const auto& device : *surplus) {
    if (auto done = remove(in, user, device); !done) return fail(done.error());
  }
  return {};
}

class devices_in_sqlite final : public device_store {
public:
  explicit devices_in_sqlite(std::shared_ptr<connections> to) : to_{std::move(to)} {}

  result<bool> touch(const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) override {
    const auto writer = to_->writer.take();
    auto all = transaction::begin_write(*writer);
    if (!all) return fail(all.error());
    const auto known = writer->run(note_use, user, id, now);
    if (!known) return fail(known.error());
    const auto fresh = *known == 0;
    if (fresh) {
      if (auto done = add(*writer, user, id, now); !done) return fail(done.error());
      if (devices_max > 0) {
        if (auto done = remove_surplus(*writer, user, id, devices_max); !done) return fail(done.error());
      }
    }
    if (auto done = all->commit(); !done) return fail(done.error());
    return fresh;
  }

  result<std::vector<device>> list(const user_id& user) override {
    const auto read = [](row& row) {
      return device{.id = row.take<device_id>(), .last_used = row.take<timestamp>(), .push = row.take<std::string>()};
    };
    return to_->readers.take()->rows(devices_of, read, user);
  }

  result<void> set_push(const user_id& user, const device_id& id, const std::string& push) override {
    const auto done = to_->writer.take()->run(put_push, user, id, push);
    if (!done) return fail(done.error());
    if (*done == 0) return no_such_device();
    return {};
  }

  result<void> revoke(const user_id& user, const device_id& id, timestamp now) override {
    const auto writer = to_->writer.take();
    auto all = transaction::begin_write(*writer);
    if (!all) return fail(all.error());
    const auto known = remove(*writer, user, id);
    if (!known) return fail(known.error());
    if (!*known) return no_such_device();
    if (auto done = revoke_refresh(*writer, user, id); !done) return done;
    if (auto done = writer->run(put_revocation, user, id, now); !done) return fail(done.error());
    return all->commit();
  }

  result<std::vector<revocation>> revocations() override {
    const auto read = [](row& row) {
      return revocation{.user = row.take<user_id>(), .device = row.take<device_id>(), .at = row.take<timestamp>()};
    };
    return to_->readers.take()->rows(all_revocations, read);
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<device_store> make_device_store(std::shared_ptr<connections> to) {
  return std::make_shared<devices_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
