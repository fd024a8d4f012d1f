/// The devices of a user: what is known of them, where they get notifications, and their end.

#pragma once

#include <memory>

#include <parley/clock.hpp>
#include <parley/device_store.hpp>

#include "actors/handles.hpp"
#include "net/auth/revocations.hpp"
#include "net/rest/gate.hpp"
#include "net/rest/router.hpp"

namespace parley::net {

/// Any thread. `time` outlives it, and it outlives the rows.
class device_routes {
public:
  device_routes(std::shared_ptr<device_store> store, std::shared_ptr<revocations> revoked,
                actors::device_closer close_device, const clock& time, std::size_t devices_max);

  void add_to(router& table, gate& door);

private:
  [[nodiscard]] result<http_response> list(const api_call& call) const;
  [[nodiscard]] result<http_response> update(const api_call& call) const;
  [[nodiscard]] result<http_response> revoke(const api_call& call) const;

  std::shared_ptr<device_store> store_;
  std::shared_ptr<revocations> revoked_;
  actors::device_closer close_device_;
  const clock& time_;
  std::size_t devices_max_;
};

} // namespace parley::net
