/// The address of a virtual actor: `<type>/<key>`, the same on every node.

#pragma once

#include <functional>
#include <string>

namespace parley::actors {

struct address {
  std::string type;
  std::string key;

  friend bool operator==(const address&, const address&) = default;
};

[[nodiscard]] inline std::string to_string(const address& where) { return where.type + "/" + where.key; }

} // namespace parley::actors

template <> struct std::hash<parley::actors::address> {
  std::size_t operator()(const parley::actors::address& where) const noexcept {
    return std::hash<std::string>{}(where.key) * 31 + std::hash<std::string>{}(where.type);
  }
};
