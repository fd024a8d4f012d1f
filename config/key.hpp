/// One setting: its name, its field, and what it may hold.

#pragma once

#include "config/value.hpp"

#include <parley/settings.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace parley {

/// The field of a setting. Its type decides how the setting is written; durations are whole numbers, and the key ends
/// with their unit.
using setting_field =
    std::variant<std::string*, text_list*, bool*, unsigned*, std::size_t*, double*, milliseconds*, seconds*>;

/// Looks at one text, or at each item of a list.
using text_check = tl::expected<void, complaint> (*)(const std::string& text);

struct key {
  std::string_view name;
  /// One line for people.
  std::string_view doc;
  setting_field (*in)(settings& of) = nullptr;
  /// The range of a number, the number of items of a list.
  double least = 0;
  double most = 0;
  text_check check = nullptr;
  /// Never shown.
  bool secret = false;
};

/// `http` of `http.listen`; empty for a key outside of any section.
[[nodiscard]] std::string_view section_of(const key& setting);

[[nodiscard]] value_kind kind_of(const key& setting);
[[nodiscard]] setting_value read_field(const key& setting, const settings& of);
/// Checks `value` and puts it into its field.
[[nodiscard]] tl::expected<void, complaint> write_field(const key& setting, settings& of, const setting_value& value);

} // namespace parley
