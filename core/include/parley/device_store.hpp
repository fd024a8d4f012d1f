/// The devices of users. Same rules for threads and errors as `log_store`.

#pragma once

#include <vector>

#include <parley/error.hpp>
#include <parley/model.hpp>

namespace parley {

struct device {
  device_id id;
  timestamp last_used{};
  /// Where notifications go, as its owner put it: a JSON object, or empty.
  std::string push;
};

/// Tokens for this device that were issued at or before `at` are refused.
struct revocation {
  user_id user;
  device_id device;
  timestamp at{};
};

class device_store {
public:
  virtual ~device_store() = default;

  /// Notes that the device was used; a new one is added, with its cursors at the user's delivered positions, and when
  /// the user then has more than `devices_max` (0: any number) the longest unused goes, with its cursors. Returns
  /// whether the device is new.
  [[nodiscard]] virtual result<bool> touch(const user_id& user, const device_id& id, timestamp now,
                                           std::size_t devices_max) = 0;
  /// Ordered by id.
  [[nodiscard]] virtual result<std::vector<device>> list(const user_id& user) = 0;
  /// `not_found` if the user has no such device. An empty `push` removes the target.
  [[nodiscard]] virtual result<void> set_push(const user_id& user, const device_id& id, const std::string& push) = 0;

  /// Forgets the device, its cursors and its refresh tokens, and keeps a `revocation`; all at once. `not_found` if the
  /// user has no such device.
  [[nodiscard]] virtual result<void> revoke(const user_id& user, const device_id& id, timestamp now) = 0;
  /// The latest one of each device.
  [[nodiscard]] virtual result<std::vector<revocation>> revocations() = 0;
};

} // namespace parley
