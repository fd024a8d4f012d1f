/// The devices of users. Same rules for threads and errors as `log_store`.

#pragma once

#include <vector>

#include <parley/error.hpp>
#include <parley/model.hpp>

namespace parley {

struct device {
  device_id id;
  timestamp last_used{};
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
};

} // namespace parley
