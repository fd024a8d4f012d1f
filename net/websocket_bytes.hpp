/// What both ends of a WebSocket do to bytes (RFC 6455, section 5).

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace parley::net {

using websocket_mask = std::array<char, 4>;

[[nodiscard]] inline std::uint64_t big_endian(std::span<const char> bytes) {
  std::uint64_t value = 0;
  for (const auto c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

/// Masks `bytes` or takes the mask off; the first of them is number `at` of its payload. Eight bytes at a time: a mask
/// begins anew every four.
inline void apply_mask(std::span<char> bytes, const websocket_mask& mask, std::size_t at = 0) {
  std::array<char, 8> wide{};
  for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = mask[(at + i) % mask.size()];
  std::uint64_t key = 0;
  std::memcpy(&key, wide.data(), 8);
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    word ^= key;
    std::memcpy(bytes.data() + i, &word, 8);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ wide[i % 8]);
}

} // namespace parley::net
