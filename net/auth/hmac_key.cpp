#include "net/auth/hmac_key.hpp"

#include "net/auth/base64url.hpp"

#include <sodium.h>

namespace parley::net {

hmac_key::hmac_key(std::string_view secret) {
  auto state = std::make_shared<crypto_auth_hmacsha256_state>();
  crypto_auth_hmacsha256_init(state.get(), bytes_of(secret).data(), secret.size());
  keyed_ = std::move(state);
}

hmac_key::code hmac_key::sign(std::string_view text) const {
  auto state = *keyed_;
  code result{};
  crypto_auth_hmacsha256_update(&state, bytes_of(text).data(), text.size());
  crypto_auth_hmacsha256_final(&state, result.data());
  return result;
}

bool hmac_key::verifies(std::string_view text, std::string_view signature) const {
  const auto right = sign(text);
  return signature.size() == right.size() && sodium_memcmp(right.data(), signature.data(), right.size()) == 0;
}

} // namespace parley::net
