#include "net/auth/base64url.hpp"

#include <sodium.h>

#include <algorithm>

namespace parley::net {

std::string encode_base64url(std::span<const std::uint8_t> bytes) {
  constexpr auto variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back(); // the terminating zero is counted by sodium
  return text;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  // libsodium 1.0.18 takes some bytes above 127 for letters.
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; })) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const auto failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (failed != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

} // namespace parley::net
