/// Writing JSON by hand: frames are assembled from parts that are JSON already, so no tree is built to write one.

#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley {

/// Appends `text` (valid UTF-8) as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);

template <std::integral Number> void append_number(std::string& out, Number value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

} // namespace parley
