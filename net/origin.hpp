/// Which browser pages may connect: those the node serves itself and those on the allow-list. A page elsewhere could
/// otherwise use what its visitor's browser knows (cross-site WebSocket hijacking).

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::net {

/// `origin` is the header's value (empty: no browser, allowed), `host` that of the `Host` header.
[[nodiscard]] bool is_origin_allowed(std::string_view origin, std::string_view host,
                                     const std::vector<std::string>& allowed);

} // namespace parley::net
