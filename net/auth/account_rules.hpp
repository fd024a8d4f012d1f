/// What a new account may look like. Each check answers `invalid_argument` with the field at fault.

#pragma once

#include <parley/error.hpp>

#include <string_view>

namespace parley::net {

inline constexpr std::size_t password_characters_min = 8;
inline constexpr std::size_t password_characters_max = 128;
inline constexpr std::size_t password_bytes_max = 512;
inline constexpr std::size_t name_characters_max = 128;

/// 8 to 128 code points in at most 512 bytes of UTF-8 without U+0000.
[[nodiscard]] result<void> check_password(std::string_view password);

/// At most 128 code points of UTF-8 without control characters; may be empty.
[[nodiscard]] result<void> check_display_name(std::string_view name);

} // namespace parley::net
