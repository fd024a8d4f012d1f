#include "net/rest/rest.hpp"

#include "net/content_limits.hpp"

namespace parley::net {

rest::rest(const rest_needs& needs, const rest_limits& limits)
    : door_{needs.tokens, needs.kept.accounts, needs.time, pool_},
      users_{needs.kept.accounts},
      devices_{needs.kept.devices, needs.revoked, needs.close_device, needs.time, needs.limits.devices},
      files_{needs.kept.files, needs.time, limits.files},
      conversations_{needs.run, content_limits_of(needs.limits)},
      pool_{{.threads = limits.threads, .queue = limits.queue, .age = needs.limits.request_age}, needs.time} {}

router rest::rows() {
  router table;
  users_.add_to(table, door_);
  devices_.add_to(table, door_);
  files_.add_to(table, door_);
  conversations_.add_to(table, door_);
  return table;
}

} // namespace parley::net
