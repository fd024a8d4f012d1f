#include "net/auth/account_rules.hpp"

#include "net/auth/code_points.hpp"

#include <fmt/format.h>

namespace parley::net {

namespace {

tl::unexpected<error> wrong(std::string_view field, std::string_view what) {
  return fail(errc::invalid_argument, fmt::format("{} {}", field, what), std::string{field});
}

} // namespace

result<void> check_password(std::string_view password) {
  if (password.size() > password_bytes_max) return wrong("password", "has more than 512 bytes");
  std::size_t characters = 0;
  for (; !password.empty(); ++characters) {
    const auto point = take_code_point(password);
    if (!point || *point == 0) return wrong("password", "is not Unicode text");
  }
  if (characters < password_characters_min) return wrong("password", "has less than 8 characters");
  if (characters > password_characters_max) return wrong("password", "has more than 128 characters");
  return {};
}

result<void> check_display_name(std::string_view name) {
  std::size_t characters = 0;
  for (; !name.empty(); ++characters) {
    const auto point = take_code_point(name);
    if (!point) return wrong("name", "is not Unicode text");
    if (is_control(*point)) return wrong("name", "has a control character");
    if (characters == name_characters_max) return wrong("name", "has more than 128 characters");
  }
  return {};
}

} // namespace parley::net
