#include "net/rest/device_routes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <parley/rest_codec.hpp>

namespace parley::net {

device_routes::device_routes(std::shared_ptr<device_store> store, std::shared_ptr<revocations> revoked,
                             actors::device_closer close_device, const clock& time, std::size_t devices_max)
    : store_{std::move(store)},
      revoked_{std::move(revoked)},
      close_device_{std::move(close_device)},
      time_{time},
      devices_max_{devices_max} {}

void device_routes::add_to(router& table, gate& door) {
  table.add({"GET", "/v1/devices", door.guard_work([this](const api_call& call) { return list(call); })});
  table.add({"PUT", "/v1/devices/{}", door.guard_work([this](const api_call& call) { return update(call); })});
  table.add({"DELETE", "/v1/devices/{}", door.guard_work([this](const api_call& call) { return revoke(call); })});
}

result<http_response> device_routes::list(const api_call& call) const {
  const auto found = store_->list(call.bearer.user);
  if (!found) return fail(found.error());
  return json_response(200, encode_devices(*found));
}

result<http_response> device_routes::update(const api_call& call) const {
  const auto& user = call.bearer.user;
  const auto id = parse_device_id(call.names.front());
  if (!id) return fail(id.error());
  const auto wanted = decode_device_update(call.request.body);
  if (!wanted) return fail(wanted.error());
  if (const auto touched = store_->touch(user, *id, time_.now(), devices_max_); !touched) return fail(touched.error());
  if (wanted->push)
    if (auto done = store_->set_push(user, *id, *wanted->push); !done) return fail(done.error());

  const auto devices = store_->list(user);
  if (!devices) return fail(devices.error());
  const auto found = std::find_if(devices->begin(), devices->end(), [&](const device& each) { return each.id == *id; });
  if (found == devices->end()) return fail(errc::not_found, fmt::format("the device {} has gone meanwhile", id->value));
  return json_response(200, encode_device(*found));
}

result<http_response> device_routes::revoke(const api_call& call) const {
  const auto& user = call.bearer.user;
  const auto id = parse_device_id(call.names.front());
  if (!id) return fail(id.error());
  const auto now = time_.now();
  if (auto done = store_->revoke(user, *id, now); !done) return fail(done.error());
  // Refused first, so that a session that is closed cannot come back with the token it had.
  revoked_->add({user, *id, now});
  close_device_(user, *id, actors::close_code::device_revoked, "the device was revoked");
  return http_response{204, {}, nullptr, {}};
}

} // namespace parley::net
