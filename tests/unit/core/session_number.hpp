/// Sessions by numbers: the same number makes the same id.

#pragma once

#include <parley/ids.hpp>

#include <cstdint>

namespace parley::tests {

[[nodiscard]] inline session_id session_number(std::uint64_t number) {
  session_id id;
  for (auto at = id.value.bytes.rbegin(); number > 0; ++at, number >>= 8) *at = static_cast<std::uint8_t>(number);
  return id;
}

} // namespace parley::tests
