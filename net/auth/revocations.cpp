#include "net/auth/revocations.hpp"

#include <algorithm>
#include <mutex>

namespace parley::net {

void revocations::load(const std::vector<revocation>& known) {
  for (const auto& each : known) add(each);
}

void revocations::add(const revocation& fresh) {
  const std::unique_lock lock{mutex_};
  auto& at = latest_.try_emplace({fresh.user, fresh.device}, fresh.at).first->second;
  at = std::max(at, fresh.at);
}

bool revocations::refuses(const claims& bearer) const {
  if (!bearer.device) return false;
  const std::shared_lock lock{mutex_};
  if (latest_.empty()) return false;
  const auto found = latest_.find({bearer.user, *bearer.device});
  return found != latest_.end() && bearer.issued_at <= found->second;
}

} // namespace parley::net
