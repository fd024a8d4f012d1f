/// Requests of browser pages from other origins (https://fetch.spec.whatwg.org, section 3.2). No cookies are used here,
/// so no credentials are spoken of.

#pragma once

#include <string>

#include "net/http_types.hpp"

namespace parley::net {

/// Tells the browser that the page at `origin` may read `response`. Only for an origin that is allowed.
void open_to_origin(http_response& response, const std::string& origin);

/// The answer to the browser's question beforehand (`OPTIONS`): what a page may send.
[[nodiscard]] http_response preflight_response();

} // namespace parley::net
