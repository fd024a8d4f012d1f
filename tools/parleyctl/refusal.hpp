/// What a server says that does not do what was asked, and whether to ask again.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include <parley/error.hpp>

#include "tools/client/websocket.hpp"

namespace parley::ctl {

/// An `error` frame, or the body of an HTTP answer; `internal` when its code is unknown here.
[[nodiscard]] error refusal_in(const boost::json::object& frame);
/// The same for a body as text; without such a body the detail names `status`.
[[nodiscard]] error refusal_in(std::string_view body, unsigned status);

/// How long to wait before the same may be asked again; nothing when it may not.
[[nodiscard]] std::optional<std::chrono::milliseconds> asked_to_wait(const boost::json::object& frame);

/// Why a connection ended.
[[nodiscard]] std::string ending_text(const client::ending& how);

} // namespace parley::ctl
