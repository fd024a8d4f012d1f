/// `GET /metrics`: what the node counts, for operators.

#pragma once

#include <functional>
#include <string>

#include "net/rest/router.hpp"

namespace parley::net {

/// The row; whoever shows `admin_token` gets what `page` writes, in the text format of Prometheus. `page` does not wait
/// and may be called from any thread.
[[nodiscard]] router::row metrics_row(std::string admin_token, std::function<std::string()> page);

} // namespace parley::net
