/// Which tokens are refused because the device they were issued for was revoked afterwards.

#pragma once

#include "net/auth/claims.hpp"

#include <parley/device_store.hpp>

#include <map>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace parley::net {

/// Any thread. Grows with the devices that were ever revoked, as the store does.
class revocations {
public:
  /// What the store knows, at the start of the node.
  void load(const std::vector<revocation>& known);
  /// Of several for one device the latest counts.
  void add(const revocation& fresh);

  /// A token without a `device` claim is for no device in particular, so it is never refused; one that does not say
  /// when it was issued always is.
  [[nodiscard]] bool refuses(const claims& bearer) const;

private:
  mutable std::shared_mutex mutex_;
  std::map<std::pair<user_id, device_id>, timestamp> latest_;
};

} // namespace parley::net
