/// Files that hold certificates and keys.

#pragma once

#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::certificates {

enum class readers { owner, everybody };

/// Appears whole or not at all, with its mode from the first byte on, and replaces what was there.
[[nodiscard]] result<void> put_file(const std::string& path, std::string_view text, readers who);

[[nodiscard]] result<std::string> read_file(const std::string& path);

} // namespace parley::certificates
