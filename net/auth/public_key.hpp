/// The public key of another token issuer.

#pragma once

#include <parley/error.hpp>

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace parley::net {

/// Immutable, so any thread may use it; copies share the key.
class public_key {
public:
  /// Reads PEM text, or the file of that name. A key that is none of RSA (2048 bits or more), P-256 and Ed25519 is
  /// `invalid_argument`.
  [[nodiscard]] static result<public_key> load(const std::string& pem_or_path);

  /// The one JWS algorithm that goes with the key: `RS256`, `ES256` or `EdDSA`.
  [[nodiscard]] std::string_view algorithm() const { return algorithm_; }

  [[nodiscard]] bool verifies(std::string_view text, std::string_view signature) const;

private:
  public_key(std::shared_ptr<evp_pkey_st> key, std::string_view algorithm);

  std::shared_ptr<evp_pkey_st> key_;
  std::string_view algorithm_;
};

} // namespace parley::net
