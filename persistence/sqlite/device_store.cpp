#include <utility>

#include "persistence/sqlite/stores.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view note_use =
    "UPDATE devices SET last_used = max(last_used, ?3) WHERE user = ?1 AND device = ?2";
constexpr std::string_view insert_device = "INSERT INTO devices (user, device, last_used) VALUES (?1, ?2, ?3)";
constexpr std::string_view start_cursors =
    "INSERT INTO cursors (user, device, conversation, seq)"
    " SELECT m.user, ?2, m.conversation, m.delivered FROM members m WHERE m.user = ?1 AND m.left_seq = 0";
// A negative LIMIT would mean none.
constexpr std::string_view surplus_of =
    "SELECT device FROM devices WHERE user = ?1 AND device <> ?2 ORDER BY last_used, device"
    " LIMIT max(0, (SELECT count(*) FROM devices WHERE user = ?1) - ?3)";
constexpr std::string_view delete_cursors = "DELETE FROM cursors WHERE user = ?1 AND device = ?2";
constexpr std::string_view delete_device = "DELETE FROM devices WHERE user = ?1 AND device = ?2";
constexpr std::string_view devices_of = "SELECT device, last_used FROM devices WHERE user = ?1 ORDER BY device";

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
    if (auto done = in.run(delete_cursors, user, device); !done) return fail(done.error());
    if (auto done = in.run(delete_device, user, device); !done) return fail(done.error());
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
    const auto read = [](row& row) { return device{.id = row.take<device_id>(), .last_used = row.take<timestamp>()}; };
    return to_->readers.take()->rows(devices_of, read, user);
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<device_store> make_device_store(std::shared_ptr<connections> to) {
  return std::make_shared<devices_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
