#include "cluster/wire/fields.hpp"

#include <algorithm>
#include <cstring>

namespace parley::cluster::wire {

std::string to_wire(const std::array<std::uint8_t, 16>& bytes) {
  if (std::ranges::all_of(bytes, [](auto byte) { return byte == 0; })) return {};
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool from_wire(std::string_view bytes, std::array<std::uint8_t, 16>& to) {
  if (bytes.empty()) return true;
  if (bytes.size() != to.size()) return false;
  std::memcpy(to.data(), bytes.data(), to.size());
  return true;
}

} // namespace parley::cluster::wire
