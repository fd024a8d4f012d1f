/// A setting's value on its way from a source to its field.

#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley {

enum class value_kind { text, list, toggle, integer, real };

using text_list = std::vector<std::string>;
using setting_value = std::variant<std::string, text_list, bool, std::int64_t, double>;

/// What is wrong, as the rest of a sentence that begins with the key: `"x" is not a whole number`.
using complaint = std::string;

/// Reads a value of `kind` as it is written in the environment and in flags.
[[nodiscard]] tl::expected<setting_value, complaint> parse_value(value_kind kind, std::string_view text);

/// `text` between quotation marks, on one line, as TOML and people read it.
[[nodiscard]] std::string quoted(std::string_view text);

/// The value as TOML: `["127.0.0.1:8080"]`.
[[nodiscard]] std::string to_toml(const setting_value& value);

} // namespace parley
