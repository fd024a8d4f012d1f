#include "net/token_watch.hpp"

#include "net/upgrade.hpp"

namespace parley::net {

token_watch::token_watch(const claims& bearer, device_id device, milliseconds grace)
    : user_{bearer.user}, device_{std::move(device)}, grace_{grace}, expires_at_{bearer.expires_at} {}

result<void> token_watch::renew(const claims& next) {
  if (next.user != user_ || !device_of(next, device_))
    return fail(errc::unauthenticated, "the token is not for this user and device");
  expires_at_ = next.expires_at;
  expired_since_.reset();
  return {};
}

token_watch::verdict token_watch::check(timestamp now, instant steady) {
  if (expired_since_) return steady - *expired_since_ >= grace_ ? verdict::over : verdict::fine;
  if (now <= expires_at_ + token_leeway) return verdict::fine;
  expired_since_ = steady;
  return verdict::expired;
}

} // namespace parley::net
