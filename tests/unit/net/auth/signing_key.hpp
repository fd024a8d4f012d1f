/// Keys of other token issuers, made when the test runs, and tokens of every kind signed with them.

#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace parley::testing {

class signing_key {
public:
  [[nodiscard]] static signing_key rsa(unsigned bits = 2048);
  [[nodiscard]] static signing_key p256();
  [[nodiscard]] static signing_key p384();
  [[nodiscard]] static signing_key ed25519();
  [[nodiscard]] static signing_key ed448();

  [[nodiscard]] std::string public_pem() const;
  [[nodiscard]] std::string private_pem() const;
  /// The signature as a JWS has it.
  [[nodiscard]] std::string sign(std::string_view text) const;

private:
  explicit signing_key(evp_pkey_st* key);

  std::shared_ptr<evp_pkey_st> key_;
};

/// Header and payload in base64url with a dot between them.
[[nodiscard]] std::string unsigned_text(std::string_view header, std::string_view payload);

/// A token with whatever header and payload, signed with `key`.
[[nodiscard]] std::string token_of(std::string_view header, std::string_view payload, const signing_key& key);
/// The same, signed with HMAC-SHA-256.
[[nodiscard]] std::string token_of(std::string_view header, std::string_view payload, std::string_view secret);

} // namespace parley::testing
