#include "net/subprotocol.hpp"

namespace parley::net {

subprotocol choose_subprotocol(std::string_view asked) {
  std::string first;
  while (!asked.empty()) {
    auto name = asked.substr(0, asked.find(','));
    asked.remove_prefix(std::min(asked.size(), name.size() + 1));
    while (name.starts_with(' ') || name.starts_with('\t')) name.remove_prefix(1);
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    if (name == protocol_name) return {std::string{name}, true};
    if (first.empty()) first = std::string{name};
  }
  if (first.empty()) return {};
  return {first, false};
}

} // namespace parley::net
