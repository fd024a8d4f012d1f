/// Secrets that a node makes for itself and keeps in its data folder.

#pragma once

#include <parley/error.hpp>

#include <cstddef>
#include <string>

namespace parley::net {

/// The text in the file at `path`, without white space around it. If there is no file one is made: `random_bytes` in
/// base64url, with mode 0600, complete and on disk before anybody can see it. When two processes do that at once both
/// get the same secret.
///
/// A file that others than its owner may use is refused, and so is an empty one: `unavailable`, with what to do.
[[nodiscard]] result<std::string> load_or_create_secret(const std::string& path, std::size_t random_bytes);

} // namespace parley::net
