/// Text of clients, one code point after the other. What does not come as JSON is not known to be Unicode yet.

#pragma once

#include <optional>
#include <string_view>

namespace parley::net {

/// Takes one code point off the front of `text`, which is not empty; nothing if it does not begin with well-formed
/// UTF-8 (RFC 3629).
[[nodiscard]] std::optional<char32_t> take_code_point(std::string_view& text);

/// C0, DEL and C1.
[[nodiscard]] constexpr bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7f && point < 0xa0); }

} // namespace parley::net
