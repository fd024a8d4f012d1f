#include "net/origin.hpp"

#include <algorithm>

namespace parley::net {

namespace {

bool equal_but_for_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

} // namespace

bool is_origin_allowed(std::string_view origin, std::string_view host, const std::vector<std::string>& allowed) {
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme) && !host.empty() && equal_but_for_case(origin.substr(scheme.size()), host))
      return true;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& one) { return equal_but_for_case(origin, one); });
}

} // namespace parley::net
