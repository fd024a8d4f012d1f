/// The token in an `Authorization` header (RFC 6750, section 2.1).

#pragma once

#include <optional>
#include <string_view>

namespace parley::net {

/// Nothing if the header's value is of another scheme; its name is case-insensitive (RFC 9110, section 11.1).
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view header);

} // namespace parley::net
