/// Argon2id hashes of passwords. Each call takes a tenth of a second and 64 MiB, so it belongs on a `work_pool`.

#pragma once

#include <parley/error.hpp>

#include <string>
#include <string_view>

namespace parley::net {

/// The hash with its salt and its cost, as one line of text; `unavailable` when there is no memory for it.
[[nodiscard]] result<std::string> hash_password(std::string_view password);

[[nodiscard]] bool is_password(const std::string& hash, std::string_view password);

/// Takes as long as `is_password`, for users that do not exist: the time of a log-in must not tell which do.
void pretend_check(std::string_view password);

/// Whether `hash` was made at another cost than `hash_password` pays today.
[[nodiscard]] bool needs_rehash(const std::string& hash);

} // namespace parley::net
