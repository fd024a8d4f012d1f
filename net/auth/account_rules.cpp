#include "net/auth/account_rules.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

namespace parley::net {

namespace {

/// Takes one code point off the front of `text`; nothing if it does not begin with well-formed UTF-8 (RFC 3629).
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xc2 ? 0
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                           : first < 0xf5 ? 4
                                          : 0;
  if (size == 0 || text.size() < size) return std::nullopt;
  char32_t point = size == 1 ? first : first & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<std::uint8_t>(text[i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    point = point << 6 | (next & 0x3f);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < least[size] || surrogate || point > 0x10ffff) return std::nullopt;
  text.remove_prefix(size);
  return point;
}

tl::unexpected<error> wrong(std::string_view field, std::string_view what) {
  return fail(errc::invalid_argument, fmt::format("{} {}", field, what), std::string{field});
}

} // namespace

result<void> check_password(std::string_view password) {
  if (password.size() > password_bytes_max) return wrong("password", "has more than 512 bytes");
  std::size_t characters = 0;
  for (; !password.empty(); ++characters) {
    const auto point = take_code_point(password);
    if (!point || *point == 0) return wrong("password", "is not Unicode text");
  }
  if (characters < password_characters_min) return wrong("password", "has less than 8 characters");
  if (characters > password_characters_max) return wrong("password", "has more than 128 characters");
  return {};
}

result<void> check_display_name(std::string_view name) {
  if (name.size() > name_bytes_max) return wrong("name", "has more than 128 bytes");
  while (!name.empty()) {
    const auto point = take_code_point(name);
    if (!point) return wrong("name", "is not Unicode text");
    if (*point < 0x20 || (*point >= 0x7f && *point < 0xa0)) return wrong("name", "has a control character");
  }
  return {};
}

} // namespace parley::net
