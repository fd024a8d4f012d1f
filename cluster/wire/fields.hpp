/// How a value of core looks in a field, and back. What a field is made of is decided here only: an id that becomes
/// text, or bytes, changes one line.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <parley/clock.hpp>
#include <parley/ids.hpp>
#include <parley/model.hpp>

namespace parley::cluster::wire {

/// Empty for all zeros.
[[nodiscard]] std::string to_wire(const std::array<std::uint8_t, 16>& bytes);
template <class Tag> [[nodiscard]] const std::string& to_wire(const text_id<Tag>& id) { return id.value; }
template <class Tag> [[nodiscard]] std::string to_wire(const binary_id<Tag>& id) { return to_wire(id.value.bytes); }
[[nodiscard]] inline std::int64_t to_wire(timestamp at) { return to_millis(at); }

/// Puts the ids one behind the other, each with its 16 bytes.
template <class Tag> [[nodiscard]] std::string packed(const std::vector<binary_id<Tag>>& ids) {
  std::string bytes;
  bytes.reserve(ids.size() * 16);
  for (const auto& id : ids) bytes.append(reinterpret_cast<const char*>(id.value.bytes.data()), 16);
  return bytes;
}

/// False for bytes that are none.
[[nodiscard]] bool from_wire(std::string_view bytes, std::array<std::uint8_t, 16>& to);
template <class Tag> [[nodiscard]] bool from_wire(std::string_view bytes, text_id<Tag>& to) {
  to.value = bytes;
  return true;
}
template <class Tag> [[nodiscard]] bool from_wire(std::string_view bytes, binary_id<Tag>& to) {
  return from_wire(bytes, to.value.bytes);
}

} // namespace parley::cluster::wire
