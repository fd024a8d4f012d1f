/// The key of tokens that this server signs: HMAC with SHA-256 (HS256).

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

struct crypto_auth_hmacsha256_state;

namespace parley::net {

/// Immutable, so any thread may use it; copies share the key.
class hmac_key {
public:
  using code = std::array<std::uint8_t, 32>;

  /// The bytes of `secret` are the key.
  explicit hmac_key(std::string_view secret);

  [[nodiscard]] code sign(std::string_view text) const;
  /// Compares in constant time, so that the time tells nothing about the right code.
  [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

private:
  /// What the algorithm's state is after the key went in: a signature starts from a copy.
  std::shared_ptr<const crypto_auth_hmacsha256_state> keyed_;
};

} // namespace parley::net
