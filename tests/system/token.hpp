/// Tokens of every kind, good and bad, for tests that connect.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tests/unit/net/auth/signing_key.hpp"

namespace parley::tests {

using testing::signing_key;

/// What a token says. Fields that are empty are left out.
struct token_content {
  std::string user;
  std::string device;
  std::string issuer;
  std::string audience;
  /// From now; may lie in the past. Nothing: the token never expires, which no server accepts.
  std::optional<std::chrono::seconds> lifetime = std::chrono::hours{1};

  /// As JSON.
  [[nodiscard]] std::string payload() const;
};

/// Signed with a shared secret.
[[nodiscard]] std::string hs256_token(const token_content& content, std::string_view secret);
/// Signed with a key pair; `algorithm` as in the header: RS256, ES256, EdDSA.
[[nodiscard]] std::string signed_token(const token_content& content, std::string_view algorithm,
                                       const signing_key& key);
/// Not signed at all: `alg` is `none`.
[[nodiscard]] std::string unsigned_token(const token_content& content);
/// The same token for another user, with the signature it had.
[[nodiscard]] std::string tampered(const std::string& token, const token_content& content);

} // namespace parley::tests
