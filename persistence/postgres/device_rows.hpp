/// Devices as one database knows them. Each function is part of a transaction.

#pragma once

#include <cstddef>
#include <vector>

#include <parley/device_store.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

struct noted_device {
  bool is_new = false;
  /// Those that went, because there were too many.
  std::vector<device_id> gone;
};

/// What `device_store::touch` does.
[[nodiscard]] result<noted_device> note_device(connection& in, const user_id& user, const device_id& id, timestamp now,
                                               std::size_t devices_max);
/// What `device_store::revoke` does.
[[nodiscard]] result<void> forget_device(connection& in, const user_id& user, const device_id& id, timestamp now);

/// Notes the use of a device that is known, and says whether it is.
[[nodiscard]] result<bool> note_known_device(connection& in, const user_id& user, const device_id& id, timestamp now);

// Of a shard, which knows devices for their cursors only. -------------------------------------------------------------

/// From now on the device has cursors here; they begin at the user's delivered positions, also where it had others.
[[nodiscard]] result<void> enlist_device(connection& in, const user_id& user, const device_id& id, timestamp now);
/// The same where it has none, in one statement; one that is enlisted stays as it is.
[[nodiscard]] result<void> enlist_if_absent(connection& in, const user_id& user, const device_id& id, timestamp now);
/// It has none any more.
[[nodiscard]] result<void> strike_devices(connection& in, const user_id& user, const std::vector<device_id>& ids);

} // namespace parley::persistence::postgres
