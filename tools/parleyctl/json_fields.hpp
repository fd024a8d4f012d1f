/// Fields of frames, read without trust: what is absent or of another type is empty or 0.

#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace parley::ctl {

[[nodiscard]] inline std::string_view text_in(const boost::json::object& frame, std::string_view name) {
  const auto* const value = frame.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return value->get_string();
}

[[nodiscard]] inline std::int64_t number_in(const boost::json::object& frame, std::string_view name) {
  const auto* const value = frame.if_contains(name);
  if (value == nullptr || !value->is_number()) return 0;
  boost::json::error_code not_whole;
  return value->to_number<std::int64_t>(not_whole);
}

[[nodiscard]] inline bool flag_in(const boost::json::object& frame, std::string_view name) {
  const auto* const value = frame.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

} // namespace parley::ctl
