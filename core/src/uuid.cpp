#include <parley/uuid.hpp>

#include <sodium.h>

namespace parley {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool dash_stands_at(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

void stamp(uuid& id, unsigned version) {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
}

} // namespace

std::optional<uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  uuid id;
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (dash_stands_at(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto value = value_of(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = id.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
    ++nibble;
  }
  return id;
}

std::string to_string(const uuid& id) {
  std::string text;
  text.reserve(36);
  for (const auto byte : id.bytes) {
    if (dash_stands_at(text.size())) text.push_back('-');
    text.push_back(digits[byte >> 4]);
    text.push_back(digits[byte & 15]);
  }
  return text;
}

uuid random_uuid() {
  uuid id;
  randombytes_buf(id.bytes.data(), id.bytes.size());
  stamp(id, 4);
  return id;
}

uuid named_uuid(std::string_view name) {
  uuid id;
  crypto_generichash(id.bytes.data(), id.bytes.size(), reinterpret_cast<const unsigned char*>(name.data()), name.size(),
                     nullptr, 0);
  stamp(id, 8);
  return id;
}

} // namespace parley
