/// Digests of requests, by which a repetition is told from a client id used twice.

#pragma once

#include <string_view>

#include <parley/model.hpp>

namespace parley {

/// BLAKE2b-128 of `content`.
[[nodiscard]] fingerprint fingerprint_of(std::string_view content);

} // namespace parley
