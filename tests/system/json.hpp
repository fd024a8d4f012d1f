/// A JSON value as tests look at it: cheap to include and to copy.
///
/// What is not there is a value too: it does not exist, nothing is in it, and it equals nothing. So
/// `CHECK(frame["limits"]["text"] == 16384)` fails, and does not crash, when there are no limits.

#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::json {
class value;
}

namespace parley::tests {

class json {
public:
  /// Nothing.
  json() = default;
  /// Throws when `text` is not JSON.
  [[nodiscard]] static json parse(std::string_view text);
  /// Nothing when `text` is not JSON.
  [[nodiscard]] static json parse_if(std::string_view text);

  [[nodiscard]] bool exists() const { return value_ != nullptr; }
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_number() const { return as_number().has_value(); }

  [[nodiscard]] json operator[](std::string_view field) const;
  [[nodiscard]] json operator[](std::size_t index) const;
  /// Elements of an array, fields of an object, else 0.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<json> items() const;
  [[nodiscard]] std::vector<std::pair<std::string, json>> fields() const;

  /// The string; throws when it is none.
  [[nodiscard]] std::string text() const;
  /// The whole number; throws when it is none.
  [[nodiscard]] std::int64_t number() const;
  /// As JSON text; `nothing` when it does not exist.
  [[nodiscard]] std::string dump() const;

  friend bool operator==(const json& one, const json& other) { return one.equals(other); }
  friend bool operator==(const json& one, std::string_view text) { return one.is_text() && one.text() == text; }
  template <std::integral Number> friend bool operator==(const json& one, Number number) {
    if constexpr (std::same_as<Number, bool>)
      return one.as_flag() == std::optional{number};
    else
      return one.as_number() == std::optional{static_cast<std::int64_t>(number)};
  }
  friend std::ostream& operator<<(std::ostream& out, const json& one);

private:
  explicit json(std::shared_ptr<const boost::json::value> value) : value_{std::move(value)} {}

  [[nodiscard]] json within(const boost::json::value* part) const;
  [[nodiscard]] bool equals(const json& other) const;
  [[nodiscard]] std::optional<bool> as_flag() const;
  [[nodiscard]] std::optional<std::int64_t> as_number() const;

  std::shared_ptr<const boost::json::value> value_;
};

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string quoted(std::string_view text);

} // namespace parley::tests
