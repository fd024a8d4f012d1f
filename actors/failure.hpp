/// Where `parley::error` and `caf::error` meet.

#pragma once

#include <caf/error.hpp>

#include <parley/error.hpp>

namespace parley::actors {

[[nodiscard]] caf::error to_caf(const error& why);
/// Also reads CAF's own errors: a request that timed out is `timeout`, an actor that ended `unavailable`.
[[nodiscard]] error from_caf(const caf::error& why);

} // namespace parley::actors
