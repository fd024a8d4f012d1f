/// The rows that a statement answered with.

#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace pqxx {
class result;
}

namespace parley::persistence::postgres {

class answer {
public:
  explicit answer(pqxx::result rows);

  /// Rows that came back.
  [[nodiscard]] std::size_t size() const;
  /// Rows that a changing statement touched.
  [[nodiscard]] std::size_t affected() const;
  /// Nothing for null. Valid as long as the answer.
  [[nodiscard]] std::optional<std::string_view> cell(std::size_t row, std::size_t column) const;

private:
  std::shared_ptr<const pqxx::result> rows_;
};

/// What a column of type bytea holds.
struct bytes {
  std::string content;
};

/// The columns of one row, taken from left to right.
class row {
public:
  row(const answer& from, std::size_t number) : from_{&from}, number_{number} {}

  template <class T> [[nodiscard]] T take() {
    T value{};
    read(value);
    return value;
  }

private:
  std::string_view next() { return from_->cell(number_, column_++).value_or(std::string_view{}); }
  bool skip_null();
  void read_bytes(std::uint8_t* to, std::size_t size);

  void read(std::string& value) { value = next(); }
  void read(bytes& value);
  void read(timestamp& value) { value = from_millis(take<std::int64_t>()); }
  void read(uuid& value) { value = parse_uuid(next()).value_or(uuid{}); }
  void read(bool& value) { value = next() == "t"; }
  template <class T>
  requires(std::integral<T>) void read(T& value) {
    const auto text = next();
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  template <class T>
  requires(std::is_enum_v<T>) void read(T& value) { value = static_cast<T>(take<int>()); }
  template <class Tag> void read(text_id<Tag>& value) { read(value.value); }
  template <class Tag> void read(binary_id<Tag>& value) { read(value.value); }
  template <std::size_t Size> void read(std::array<std::uint8_t, Size>& value) { read_bytes(value.data(), Size); }
  template <class T> void read(std::optional<T>& value) {
    if (!skip_null()) value = take<T>();
  }

  const answer* from_;
  std::size_t number_;
  std::size_t column_ = 0;
};

} // namespace parley::persistence::postgres
