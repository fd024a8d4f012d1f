/// Universally unique identifiers (RFC 9562) as sixteen bytes.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const uuid&, const uuid&) = default;
};

/// Reads the text form (8-4-4-4-12 hexadecimal digits, either case); nothing else is accepted.
[[nodiscard]] std::optional<uuid> parse_uuid(std::string_view text);

/// The text form in lower case, 36 characters.
[[nodiscard]] std::string to_string(const uuid& id);

/// A random identifier (version 4) from the system's generator. Any thread.
[[nodiscard]] uuid random_uuid();

/// An identifier computed from `name` by BLAKE2b (version 8): the same name always gives the same id, and nobody can
/// find another name for it.
[[nodiscard]] uuid named_uuid(std::string_view name);

struct uuid_hash {
  std::size_t operator()(const uuid& id) const noexcept {
    std::uint64_t high = 0, low = 0;
    std::memcpy(&high, id.bytes.data(), 8);
    std::memcpy(&low, id.bytes.data() + 8, 8);
    return static_cast<std::size_t>((high ^ (low * 0x9e3779b97f4a7c15ULL)) * 0xff51afd7ed558ccdULL >> 7);
  }
};

} // namespace parley
