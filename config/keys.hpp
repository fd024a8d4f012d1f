/// The table of all settings, in the order of the documentation: keys of one section stand together.

#pragma once

#include "config/key.hpp"

#include <span>
#include <string_view>

namespace parley {

[[nodiscard]] std::span<const key> all_keys();

/// The key called `name`, or null.
[[nodiscard]] const key* find_key(std::string_view name);

} // namespace parley
