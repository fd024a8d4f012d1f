/// The tokens that this server gives out.
///
/// An access token is a JSON Web Token signed with HS256, made to pass our own `token_verifier`. A refresh token is
/// random text; only its digest is stored.

#pragma once

#include "net/auth/hmac_key.hpp"

#include <parley/account_store.hpp>
#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::net {

struct access_token {
  std::string text;
  timestamp expires_at{};
};

struct refresh_token {
  std::string text;
  token_digest digest{};
};

/// Immutable, so any thread may use it. `time` must outlive it.
class token_issuer {
public:
  /// Needs `auth.jwt.hs256_secret`.
  token_issuer(const auth_settings& auth, const clock& time);

  [[nodiscard]] access_token mint(const user_id& user, const std::optional<device_id>& device) const;

private:
  hmac_key key_;
  std::string issuer_;
  std::string audience_;
  seconds lifetime_;
  const clock* time_;
};

/// 32 random bytes in base64url.
[[nodiscard]] refresh_token make_refresh_token();
/// The SHA-256 of the token's text, or nothing if no token of ours looks like `text`.
[[nodiscard]] std::optional<token_digest> digest_of_refresh(std::string_view text);

} // namespace parley::net
