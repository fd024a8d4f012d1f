/// The parameters of a statement, in PostgreSQL's text form.

#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley::persistence::postgres {

/// Absent: null.
using parameter = std::optional<std::string>;
using parameters = std::vector<parameter>;

/// Bytes as they are, whereas a `string_view` is text.
struct bytes_view {
  std::string_view content;
};

/// Several values in one parameter: `{"a","b",NULL}`.
struct array_text {
  std::string text;
};

[[nodiscard]] std::string hex_text(const std::uint8_t* bytes, std::size_t size);
void append_element(std::string& array, const parameter& element);

[[nodiscard]] inline parameter to_parameter(std::nullopt_t) { return std::nullopt; }
[[nodiscard]] inline parameter to_parameter(std::string_view value) { return std::string{value}; }
[[nodiscard]] inline parameter to_parameter(const std::string& value) { return value; }
[[nodiscard]] inline parameter to_parameter(const array_text& value) { return value.text; }
[[nodiscard]] inline parameter to_parameter(timestamp value) { return std::to_string(to_millis(value)); }
[[nodiscard]] inline parameter to_parameter(const uuid& value) { return to_string(value); }
[[nodiscard]] inline parameter to_parameter(const bytes_view& value) {
  return hex_text(reinterpret_cast<const std::uint8_t*>(value.content.data()), value.content.size());
}
template <std::size_t Size> [[nodiscard]] parameter to_parameter(const std::array<std::uint8_t, Size>& value) {
  return hex_text(value.data(), Size);
}
template <class Tag> [[nodiscard]] parameter to_parameter(const text_id<Tag>& value) { return value.value; }
template <class Tag> [[nodiscard]] parameter to_parameter(const binary_id<Tag>& value) {
  return to_string(value.value);
}
template <class T>
requires(std::integral<T> || std::is_enum_v<T>) [[nodiscard]] parameter to_parameter(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? "t" : "f";
  else if constexpr (std::is_same_v<T, std::uint64_t>) {
    // PostgreSQL's integers are signed; "no upper end" of an unsigned range is their greatest.
    constexpr std::uint64_t greatest = std::numeric_limits<std::int64_t>::max();
    return std::to_string(value > greatest ? greatest : value);
  } else
    return std::to_string(static_cast<std::int64_t>(value));
}
template <class T> [[nodiscard]] parameter to_parameter(const std::optional<T>& value) {
  return value ? to_parameter(*value) : std::nullopt;
}

template <class... Values> [[nodiscard]] parameters to_parameters(const Values&... values) {
  parameters all;
  all.reserve(sizeof...(values));
  (all.push_back(to_parameter(values)), ...);
  return all;
}

/// `of(element)` of every element.
template <class Range, class Of> [[nodiscard]] array_text array_of(const Range& range, Of of) {
  std::string text{"{"};
  for (const auto& element : range) append_element(text, to_parameter(std::invoke(of, element)));
  text.push_back('}');
  return {std::move(text)};
}
template <class Range> [[nodiscard]] array_text array_of(const Range& range) {
  return array_of(
      range, [](const auto& element) -> const auto& { return element; });
}

} // namespace parley::persistence::postgres
