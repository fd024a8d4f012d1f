/// Reading the JSON of clients field by field. Only the codec's sources include this.

#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include <parley/error.hpp>
#include <parley/ids.hpp>

namespace parley {

namespace json = boost::json;

/// Counters stay below this.
constexpr std::uint64_t number_max = (std::uint64_t{1} << 53) - 1;

[[nodiscard]] inline std::string_view view(const json::string& text) { return {text.data(), text.size()}; }
[[nodiscard]] std::string json_quoted(std::string_view text);
/// Whether a string anywhere in `value` contains U+0000.
[[nodiscard]] bool has_nul(const json::value& value);
/// JSON text that is the same for equal JSON values: names sorted, whole numbers without a fraction.
[[nodiscard]] std::string canonical(const json::value& value);
/// Counts code points of valid UTF-8.
[[nodiscard]] std::size_t characters(std::string_view text);
/// The length of the value of the field `name` of a JSON object, as written. `text` is known to be valid JSON.
[[nodiscard]] std::size_t length_as_sent(std::string_view text, std::string_view name);
/// `bad_frame` if it is not a JSON object, or nested deeper than `depth_max`.
[[nodiscard]] result<json::object> parse_object(std::string_view text, std::size_t depth_max = 32);

/// The fields of one object. The first thing wrong is remembered and every later look-up does nothing, so a reader can
/// take all fields and ask once at the end.
class field_reader {
public:
  explicit field_reader(const json::object& object) : object_{object} {}

  const json::value* find(std::string_view name) const {
    return object_.if_contains(json::string_view{name.data(), name.size()});
  }
  bool has(std::string_view name) const { return find(name) != nullptr; }

  std::optional<std::string_view> text(std::string_view name,
                                       std::size_t bytes_max = std::numeric_limits<std::size_t>::max()) {
    const auto* value = take(name);
    if (!value) return std::nullopt;
    if (!value->is_string()) return refuse(name, "must be a string");
    const auto content = view(value->get_string());
    if (has_nul(*value)) return refuse(name, "must be Unicode without U+0000 and lone surrogates");
    if (content.size() > bytes_max)
      return refuse(name, fmt::format("may have {} bytes at most", bytes_max), errc::too_large);
    return content;
  }

  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most) {
    const auto* value = take(name);
    if (!value) return std::nullopt;
    std::uint64_t number = 0;
    if (value->is_int64() && value->get_int64() >= 0)
      number = static_cast<std::uint64_t>(value->get_int64());
    else if (value->is_uint64())
      number = value->get_uint64();
    else if (value->is_double() && value->get_double() >= 0 && value->get_double() <= static_cast<double>(number_max) &&
             std::trunc(value->get_double()) == value->get_double())
      number = static_cast<std::uint64_t>(value->get_double());
    else
      return refuse(name, "must be a whole number, not negative");
    if (number < least || number > most) return refuse(name, fmt::format("must be {} to {}", least, most));
    return number;
  }

  bool flag(std::string_view name, bool otherwise) {
    const auto* value = take(name);
    if (!value) return otherwise;
    if (!value->is_bool()) {
      refuse(name, "must be true or false");
      return otherwise;
    }
    return value->get_bool();
  }

  const json::object* object(std::string_view name) {
    const auto* value = take(name);
    if (!value) return nullptr;
    if (!value->is_object())
      refuse(name, "must be an object");
    else if (has_nul(*value))
      refuse(name, "must be Unicode without U+0000 and lone surrogates");
    else
      return &value->get_object();
    return nullptr;
  }

  const json::array* array(std::string_view name) {
    const auto* value = take(name);
    if (!value) return nullptr;
    if (value->is_array()) return &value->get_array();
    refuse(name, "must be an array");
    return nullptr;
  }

  /// An id in text form, by its own parser.
  template <class Id>
  std::optional<Id> id(std::string_view name, result<Id> (*parse)(std::string_view, std::string_view)) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    return taken(parse(*written, name));
  }

  std::vector<user_id> users(std::string_view name) {
    std::vector<user_id> found;
    if (const auto* items = array(name)) {
      for (const auto& item : *items) {
        if (!item.is_string()) {
          refuse(name, "must hold user ids");
          return {};
        }
        auto user = taken(parse_user_id(view(item.get_string()), name));
        if (!user) return {};
        found.push_back(std::move(*user));
      }
    }
    return found;
  }

  template <class T> std::optional<T> taken(result<T> outcome) {
    if (outcome) return std::move(*outcome);
    if (!problem_) problem_ = std::move(outcome.error());
    return std::nullopt;
  }

  std::nullopt_t refuse(std::string_view name, std::string_view why, errc code = errc::invalid_argument) {
    if (!problem_) problem_ = error{code, fmt::format("{} {}", name, why), std::string{name}, {}};
    return std::nullopt;
  }

  /// Refuses when the field is not there.
  void need(std::string_view name) {
    if (!has(name)) refuse(name, "is missing");
  }

  const std::optional<error>& problem() const { return problem_; }

private:
  const json::value* take(std::string_view name) const { return problem_ ? nullptr : find(name); }

  const json::object& object_;
  std::optional<error> problem_;
};

} // namespace parley
