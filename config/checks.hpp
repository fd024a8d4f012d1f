/// What a text may be.

#pragma once

#include "config/value.hpp"

#include <string>

namespace parley {

using text_verdict = tl::expected<void, complaint>;

/// `HOST:PORT` with a name, an IPv4 or a bracketed IPv6 address; port 0 stands for any free one.
[[nodiscard]] text_verdict check_address(const std::string& text);
/// `https://chat.example.com` as browsers send it: scheme, host, perhaps a port; no path.
[[nodiscard]] text_verdict check_origin(const std::string& text);
/// `[A-Za-z0-9._-]{1,64}` or nothing.
[[nodiscard]] text_verdict check_node_id(const std::string& text);
[[nodiscard]] text_verdict check_not_empty(const std::string& text);
[[nodiscard]] text_verdict check_store_kind(const std::string& text);
[[nodiscard]] text_verdict check_log_format(const std::string& text);
[[nodiscard]] text_verdict check_log_level(const std::string& text);

} // namespace parley
