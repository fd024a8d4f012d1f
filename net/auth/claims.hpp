/// What a token says about who holds it, once it is believed.

#pragma once

#include <parley/clock.hpp>
#include <parley/ids.hpp>

#include <optional>

namespace parley::net {

struct claims {
  user_id user;
  /// The token works for this device only.
  std::optional<device_id> device;
  /// As the token says it, without leeway.
  timestamp expires_at{};
  /// The epoch if the token does not say.
  timestamp issued_at{};
};

} // namespace parley::net
