/// One run of a prepared statement: values in, rows out.
///
/// The prepared statement belongs to its connection, which keeps it for the next run; when the run ends it is reset.
/// Bound text and bytes are not copied, they have to outlive the run.

#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <parley/clock.hpp>
#include <parley/error.hpp>
#include <parley/ids.hpp>

struct sqlite3_stmt;

namespace parley::persistence::sqlite {

/// Bytes to bind as they are, whereas a `string_view` is bound as text.
struct bytes_view {
  std::string_view content;
};

/// The columns of one row, taken from left to right.
class row {
public:
  explicit row(sqlite3_stmt* from) : from_{from} {}

  template <class T> [[nodiscard]] T take() {
    T value{};
    read(value);
    return value;
  }

private:
  std::int64_t read_integer();
  void read_bytes(std::uint8_t* to, std::size_t size);
  bool skip_null();

  void read(std::string& value);
  void read(timestamp& value) { value = from_millis(read_integer()); }
  void read(uuid& value) { read_bytes(value.bytes.data(), value.bytes.size()); }
  void read(bool& value) { value = read_integer() != 0; }
  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void read(T& value) { value = static_cast<T>(read_integer()); }
  template <class Tag> void read(text_id<Tag>& value) { read(value.value); }
  template <class Tag> void read(binary_id<Tag>& value) { read(value.value); }
  template <std::size_t Size> void read(std::array<std::uint8_t, Size>& value) { read_bytes(value.data(), Size); }
  template <class T> void read(std::optional<T>& value) {
    if (!skip_null()) value = take<T>();
  }

  sqlite3_stmt* from_;
  int column_ = 0;
};

class statement {
public:
  explicit statement(sqlite3_stmt* prepared) : prepared_{prepared} {}
  statement(statement&& other) noexcept;
  statement& operator=(statement&&) = delete;
  ~statement();

  /// Binds ?1, ?2, ... Whatever fails here is reported by `step`.
  template <class... Values> void bind_all(const Values&... values) { (bind(values), ...); }

  /// Goes to the next row; false when there is none.
  [[nodiscard]] result<bool> step();
  [[nodiscard]] row current() const { return row{prepared_}; }

private:
  void bind(std::nullopt_t);
  void bind(std::int64_t value);
  void bind(std::string_view value);
  void bind(const std::string& value) { bind(std::string_view{value}); }
  void bind_bytes(const std::uint8_t* bytes, std::size_t size);

  void bind(const bytes_view& value) {
    bind_bytes(reinterpret_cast<const std::uint8_t*>(value.content.data()), value.content.size());
  }
  void bind(timestamp value) { bind(to_millis(value)); }
  void bind(const uuid& value) { bind(value.bytes); }
  template <class T>
  requires(std::integral<T> || std::is_enum_v<T>) void bind(T value) { bind(clamp(value)); }
  template <class Tag> void bind(const text_id<Tag>& value) { bind(std::string_view{value.value}); }
  template <class Tag> void bind(const binary_id<Tag>& value) { bind(value.value); }
  template <std::size_t Size> void bind(const std::array<std::uint8_t, Size>& value) { bind_bytes(value.data(), Size); }
  template <class T> void bind(const std::optional<T>& value) { value ? bind(*value) : bind(std::nullopt); }

  // SQLite's integers are signed; "no upper end" of an unsigned range is their greatest.
  template <class T> static std::int64_t clamp(T value) {
    if constexpr (std::is_same_v<T, std::uint64_t>)
      return value > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(value);
    else
      return static_cast<std::int64_t>(value);
  }
  void note(int code) {
    if (bound_ == 0) bound_ = code;
  }

  sqlite3_stmt* prepared_;
  int parameters_ = 0;
  int bound_ = 0;
};

} // namespace parley::persistence::sqlite
