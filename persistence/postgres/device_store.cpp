#include <utility>

#include "persistence/postgres/device_rows.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

const std::string devices_of = "SELECT device, last_used, push FROM devices WHERE \"user\" = $1 ORDER BY device";
const std::string put_push = "UPDATE devices SET push = $3 WHERE \"user\" = $1 AND device = $2";
const std::string all_revocations = "SELECT \"user\", device, at FROM revocations ORDER BY \"user\", device";

class devices_in_postgres final : public device_store {
public:
  explicit devices_in_postgres(std::shared_ptr<pool> to) : to_{std::move(to)} {}

  result<bool> touch(const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) override {
    const auto noted = to_->change([&](connection& in) { return note_device(in, user, id, now, devices_max); });
    if (!noted) return fail(noted.error());
    return noted->is_new;
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
    if (*done == 0) return fail(errc::not_found, "no such device");
    return {};
  }

  result<void> revoke(const user_id& user, const device_id& id, timestamp now) override {
    return to_->change([&](connection& in) { return forget_device(in, user, id, now); });
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
