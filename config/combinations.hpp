/// Settings that are fine one by one and make no sense together.

#pragma once

#include <parley/settings.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace parley {

struct contradiction {
  std::string_view key;
  /// The other key that it does not go with.
  std::string_view other;
  /// What is wrong, as the rest of a sentence that begins with the key.
  std::string what;
};

[[nodiscard]] std::optional<contradiction> find_contradiction(const settings& of);

} // namespace parley
