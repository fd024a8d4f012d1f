/// The target of an HTTP request, taken apart (RFC 9110, RFC 3986).

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace parley::net {

struct request_target {
  /// Decoded; begins with `/`.
  std::string path;
  /// Decoded; of a name given twice the first value.
  std::map<std::string, std::string, std::less<>> query;

  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

/// Nothing if it does not begin with `/`, an escape is broken, or the path contains a NUL or a `..` segment.
[[nodiscard]] std::optional<request_target> parse_target(std::string_view text);

} // namespace parley::net
