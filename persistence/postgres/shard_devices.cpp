#include <utility>

#include <spdlog/spdlog.h>

#include "persistence/postgres/device_rows.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

// The devices of a user become more or fewer one after the other, on whatever node.
const std::string lock_user = "SELECT pg_advisory_xact_lock(hashtextextended($1, 2))";
const std::string absent_of = "SELECT w.device FROM unnest($2::text[]) AS w (device) WHERE NOT EXISTS"
                              " (SELECT 1 FROM devices d WHERE d.\"user\" = $1 AND d.device = w.device)";

/// Devices are kept by the home database; their cursors, and which devices may have some, by the shards.
///
/// A device is known to every shard before it is at home, and is forgotten at home first. So what breaks off in between
/// leaves a device too many on a shard, never one too few: it takes cursors that nobody asks for, and starts anew when
/// the device comes back.
class devices_over_shards final : public device_store {
public:
  devices_over_shards(std::shared_ptr<pool> home, shard_pools spread)
      : at_home_{make_device_store(home)}, home_{std::move(home)}, shards_{std::move(spread)} {}

  result<bool> touch(const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) override {
    const auto known = home_->change([&](connection& in) { return note_known_device(in, user, id, now); });
    if (!known) return fail(known.error());
    if (*known) {
      mend(user, id, now);
      return false;
    }
    const auto noted = home_->change([&](connection& in) { return admit(in, user, id, now, devices_max); });
    if (!noted) return fail(noted.error());
    if (!noted->gone.empty()) strike(user, noted->gone);
    return noted->is_new;
  }

  result<std::vector<device>> list(const user_id& user) override { return at_home_->list(user); }

  result<void> set_push(const user_id& user, const device_id& id, const std::string& push) override {
    return at_home_->set_push(user, id, push);
  }

  result<void> revoke(const user_id& user, const device_id& id, timestamp now) override {
    if (auto done = at_home_->revoke(user, id, now); !done) return done;
    strike(user, {id});
    return {};
  }

  result<std::vector<revocation>> revocations() override { return at_home_->revocations(); }

private:
  result<noted_device> admit(connection& home, const user_id& user, const device_id& id, timestamp now,
                             std::size_t devices_max) {
    if (auto held = home.run(lock_user, user); !held) return fail(held.error());
    // Somebody may have been faster; what the device has acknowledged since then stays.
    const auto known = note_known_device(home, user, id, now);
    if (!known) return fail(known.error());
    if (*known) return noted_device{};
    const auto enlist = [&](connection& in) { return enlist_device(in, user, id, now); };
    if (auto done = shards_.change_each(enlist); !done) return fail(done.error());
    return note_device(home, user, id, now, devices_max);
  }

  /// A shard that was restored from a backup may lack devices. One that is away is asked the next time.
  void mend(const user_id& user, const device_id& id, timestamp now) {
    (void)shards_.each(
        [&](pool& shard) { return shard.read([&](connection& in) { return enlist_if_absent(in, user, id, now); }); });
  }

  /// Those of `ids` that have not come back meanwhile are forgotten by the shards. A device is gone when the home
  /// database says so, also while a shard is away.
  void strike(const user_id& user, const std::vector<device_id>& ids) {
    const auto done = home_->change([&](connection& home) -> result<void> {
      if (auto held = home.run(lock_user, user); !held) return fail(held.error());
      const auto absent = home.rows(
          absent_of, [](row& row) { return row.take<device_id>(); }, user, array_of(ids));
      if (!absent) return fail(absent.error());
      return shards_.change_each([&](connection& in) { return strike_devices(in, user, *absent); });
    });
    if (!done)
      spdlog::warn("a removed device keeps its cursors on a shard until it comes back: {}", done.error().detail);
  }

  std::shared_ptr<device_store> at_home_;
  std::shared_ptr<pool> home_;
  shard_pools shards_;
};

} // namespace

std::shared_ptr<device_store> make_device_store(std::shared_ptr<pool> home, shard_pools spread) {
  return std::make_shared<devices_over_shards>(std::move(home), std::move(spread));
}

} // namespace parley::persistence::postgres
