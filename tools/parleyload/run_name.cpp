#include "tools/parleyload/run_name.hpp"

#include <fmt/format.h>

namespace parley::load {

namespace {

std::string in_base_36(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  for (; number != 0; number /= 36) text.insert(text.begin(), digits[number % 36]);
  return text;
}

} // namespace

run_name::run_name(timestamp began)
    : text_{in_base_36(static_cast<std::uint64_t>(to_millis(began)))},
      began_ms_{static_cast<std::uint64_t>(to_millis(began))} {}

user_id run_name::user(std::uint32_t pair, char side) const { return {fmt::format("load-{}-{}{}", text_, pair, side)}; }

// A UUID of version 7: 48 bits of time, then what is free is 24 bits of pair and 38 bits of number.
void run_name::append_client_id(std::string& out, const payload_id& message) const {
  uuid id;
  const auto high = began_ms_ << 16 | 0x7000;
  const auto low =
      std::uint64_t{2} << 62 | std::uint64_t{message.pair & 0xffffff} << 38 | (message.number & 0x3fffffffff);
  for (std::size_t i = 0; i < 8; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    id.bytes[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  out += to_string(id);
}

} // namespace parley::load
