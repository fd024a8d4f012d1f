/// Who a token speaks for. Tokens are JSON Web Tokens in compact form (RFC 7515, RFC 7519).
///
/// Keys come from the settings alone: what a token's header says about keys or their addresses is not read, and nothing
/// is fetched. The key decides the algorithm, so a token cannot choose a weaker one.

#pragma once

#include "net/auth/claims.hpp"
#include "net/auth/hmac_key.hpp"
#include "net/auth/public_key.hpp"
#include "net/auth/revocations.hpp"

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::net {

/// How far the clock of an issuer may be off.
inline constexpr seconds token_leeway{30};
/// A longer token is refused unread.
inline constexpr std::size_t token_bytes_max = 8'192;

/// Immutable, so any thread may use it. `time` must outlive it.
class token_verifier {
public:
  /// Reads the keys. At least one of `hs256_secret` and `public_key` is needed. `revoked` may be absent.
  [[nodiscard]] static result<token_verifier> make(const jwt_settings& jwt, const clock& time,
                                                   std::shared_ptr<const revocations> revoked = nullptr);

  /// `token_expired` if time is all that is wrong, else `unauthenticated`.
  [[nodiscard]] result<claims> verify(std::string_view token) const;

private:
  token_verifier(const jwt_settings& jwt, const clock& time, std::shared_ptr<const revocations> revoked);

  /// Whether a key of ours goes with `algorithm` and made `signature` of `text`.
  [[nodiscard]] bool verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const;

  std::optional<hmac_key> own_;
  std::optional<public_key> foreign_;
  std::string issuer_;
  std::string audience_;
  const clock* time_;
  std::shared_ptr<const revocations> revoked_;
};

} // namespace parley::net
