/// The token of an open connection: how long it is good for, and by which one it may be replaced. Pure; time is handed
/// in.

#pragma once

#include "net/auth/token_verifier.hpp"

namespace parley::net {

class token_watch {
public:
  /// `device` is the one the connection speaks for. The connection may stay for `grace` after the token has expired.
  token_watch(const claims& bearer, device_id device, milliseconds grace);

  [[nodiscard]] const user_id& user() const { return user_; }
  [[nodiscard]] const device_id& device() const { return device_; }

  /// Goes on with the token of `next`. `unauthenticated`, and nothing changes, if it is another user's or device's.
  [[nodiscard]] result<void> renew(const claims& next);

  enum class verdict {
    fine,
    /// It has expired: the client is told, once.
    expired,
    /// Nothing came in its place.
    over,
  };
  [[nodiscard]] verdict check(timestamp now, instant steady);

private:
  user_id user_;
  device_id device_;
  milliseconds grace_;
  timestamp expires_at_;
  std::optional<instant> expired_since_;
};

} // namespace parley::net
