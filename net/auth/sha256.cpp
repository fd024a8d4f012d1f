#include "net/auth/sha256.hpp"

#include "net/auth/base64url.hpp"

#include <sodium.h>

namespace parley::net {

std::array<std::uint8_t, 32> sha256(std::string_view text) {
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), bytes_of(text).data(), text.size());
  return digest;
}

} // namespace parley::net
