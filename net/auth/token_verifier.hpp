/// Who a token speaks for. Tokens are JSON Web Tokens in compact form (RFC 7515, RFC 7519).
///
/// Keys come from the settings alone: what a token's header says about keys or their addresses is not read, and nothing
/// is fetched. The key decides the algorithm, so a token cannot choose a weaker one.

#pragma once

#include "net/auth/hmac_key.hpp"
#include "net/auth/public_key.hpp"

#include <parley/clock.hpp>
#include <parley/ids.hpp>
#include <parley/settings.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley::net {

/// How far the clock of an issuer may be off.
inline constexpr seconds token_leeway{30};
/// A longer token is refused unread.
inline constexpr std::size_t token_bytes_max = 8'192;

struct claims {
  user_id user;
  /// The token works for this device only.
  std::optional<device_id> device;
  /// As the token says it, without leeway.
  timestamp expires_at{};
  /// A whole second; the epoch if the token does not say.
  timestamp issued_at{};
};

/// Immutable, so any thread may use it. `time` must outlive it.
class token_verifier {
public:
  /// Reads the keys. At least one of `hs256_secret` and `public_key` is needed.
  [[nodiscard]] static result<token_verifier> make(const jwt_settings& jwt, const clock& time);

  /// `token_expired` if time is all that is wrong, else `unauthenticated`.
  [[nodiscard]] result<claims> verify(std::string_view token) const;

private:
  token_verifier(const jwt_settings& jwt, const clock& time);

  /// Whether a key of ours goes with `algorithm` and made `signature` of `text`.
  [[nodiscard]] bool verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const;

  std::optional<hmac_key> own_;
  std::optional<public_key> foreign_;
  std::string issuer_;
  std::string audience_;
  const clock* time_;
};

} // namespace parley::net
