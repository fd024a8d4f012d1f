#include "persistence/sqlite/statement.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <sqlite3.h>

#include "persistence/sqlite/failure.hpp"

namespace parley::persistence::sqlite {

std::int64_t row::read_integer() { return sqlite3_column_int64(from_, column_++); }

void row::read(std::string& value) {
  // Text as well as bytes: the database keeps text as UTF-8.
  const auto* text = sqlite3_column_blob(from_, column_);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(from_, column_++));
  if (text != nullptr) value.assign(static_cast<const char*>(text), size);
}

void row::read_bytes(std::uint8_t* to, std::size_t size) {
  const auto* bytes = sqlite3_column_blob(from_, column_);
  const auto present = static_cast<std::size_t>(sqlite3_column_bytes(from_, column_++));
  if (bytes != nullptr) std::memcpy(to, bytes, std::min(size, present));
}

bool row::skip_null() {
  if (sqlite3_column_type(from_, column_) != SQLITE_NULL) return false;
  ++column_;
  return true;
}

statement::statement(statement&& other) noexcept
    : prepared_{std::exchange(other.prepared_, nullptr)}, parameters_{other.parameters_}, bound_{other.bound_} {}

statement::~statement() {
  if (prepared_ == nullptr) return;
  sqlite3_reset(prepared_);
  sqlite3_clear_bindings(prepared_);
}

result<bool> statement::step() {
  if (bound_ != SQLITE_OK) return fail(last_failure(sqlite3_db_handle(prepared_)));
  switch (sqlite3_step(prepared_)) {
  case SQLITE_ROW: return true;
  case SQLITE_DONE: return false;
  default: return fail(last_failure(sqlite3_db_handle(prepared_)));
  }
}

void statement::bind(std::nullopt_t) { note(sqlite3_bind_null(prepared_, ++parameters_)); }

void statement::bind(std::int64_t value) { note(sqlite3_bind_int64(prepared_, ++parameters_, value)); }

void statement::bind(std::string_view value) {
  note(sqlite3_bind_text64(prepared_, ++parameters_, value.data() != nullptr ? value.data() : "", value.size(),
                           SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind_bytes(const std::uint8_t* bytes, std::size_t size) {
  note(sqlite3_bind_blob64(prepared_, ++parameters_, bytes, size, SQLITE_STATIC));
}

} // namespace parley::persistence::sqlite
