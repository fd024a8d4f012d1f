#include "config/key.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace parley {

namespace {

template <class T> constexpr bool is_duration = false;
template <class Rep, class Period> constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T> constexpr value_kind kind_for() {
  if constexpr (std::is_same_v<T, std::string>)
    return value_kind::text;
  else if constexpr (std::is_same_v<T, text_list>)
    return value_kind::list;
  else if constexpr (std::is_same_v<T, bool>)
    return value_kind::toggle;
  else if constexpr (std::is_same_v<T, double>)
    return value_kind::real;
  else
    return value_kind::integer;
}

std::string_view expected_of(value_kind kind) {
  switch (kind) {
  case value_kind::text: return "a text";
  case value_kind::list: return "a list of texts";
  case value_kind::toggle: return "true or false";
  case value_kind::integer: return "a whole number";
  case value_kind::real: return "a number";
  }
  return "something else";
}

tl::expected<void, complaint> in_range(const key& setting, double number) {
  // Written so that "not a number" fails too.
  if (number >= setting.least && number <= setting.most) return {};
  return tl::unexpected{fmt::format("{} is not between {} and {}", number, setting.least, setting.most)};
}

tl::expected<void, complaint> acceptable(const key& setting, const text_list& items) {
  for (const auto& item : items) {
    if (setting.check == nullptr) break;
    if (auto fine = setting.check(item); !fine) return fine;
  }
  const auto count = static_cast<double>(items.size());
  if (count >= setting.least && count <= setting.most) return {};
  return tl::unexpected{fmt::format("{} items are given, not {} to {}", count, setting.least, setting.most)};
}

tl::expected<void, complaint> acceptable(const key& setting, const setting_value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return in_range(setting, static_cast<double>(*number));
  if (const auto* number = std::get_if<double>(&value)) return in_range(setting, *number);
  if (const auto* items = std::get_if<text_list>(&value)) return acceptable(setting, *items);
  if (const auto* text = std::get_if<std::string>(&value); text != nullptr && setting.check != nullptr) {
    return setting.check(*text);
  }
  return {};
}

} // namespace

std::string_view section_of(const key& setting) {
  const auto dot = setting.name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : setting.name.substr(0, dot);
}

value_kind kind_of(const key& setting) {
  settings any;
  return std::visit([]<class T>(T*) { return kind_for<T>(); }, setting.in(any));
}

setting_value read_field(const key& setting, const settings& of) {
  auto copy = of; // the table hands out writable fields only
  return std::visit(
      []<class T>(T* place) -> setting_value {
        if constexpr (is_duration<T>)
          return static_cast<std::int64_t>(place->count());
        else if constexpr (kind_for<T>() == value_kind::integer)
          return static_cast<std::int64_t>(*place);
        else
          return *place;
      },
      setting.in(copy));
}

tl::expected<void, complaint> write_field(const key& setting, settings& of, const setting_value& value) {
  const auto kind = kind_of(setting);
  // In a file, 10 is as good a rate as 10.0.
  const auto* whole = std::get_if<std::int64_t>(&value);
  const auto fitting = kind == value_kind::real && whole ? setting_value{static_cast<double>(*whole)} : value;
  if (fitting.index() != static_cast<std::size_t>(kind)) {
    return tl::unexpected{fmt::format("must be {}", expected_of(kind))};
  }
  if (auto fine = acceptable(setting, fitting); !fine) return fine;
  std::visit(
      [&fitting]<class T>(T* place) {
        if constexpr (kind_for<T>() == value_kind::integer)
          *place = T(std::get<std::int64_t>(fitting));
        else
          *place = std::get<T>(fitting);
      },
      setting.in(of));
  return {};
}

} // namespace parley
