#include "persistence/postgres/row.hpp"

#include <algorithm>

#include <pqxx/result>

namespace parley::persistence::postgres {

namespace {

std::uint8_t digit(char c) { return static_cast<std::uint8_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

std::uint8_t byte_at(std::string_view hex, std::size_t number) {
  return static_cast<std::uint8_t>(digit(hex[2 + 2 * number]) << 4U | digit(hex[3 + 2 * number]));
}

std::size_t count_of(std::string_view hex) { return hex.starts_with("\\x") ? (hex.size() - 2) / 2 : 0; }

} // namespace

answer::answer(pqxx::result rows) : rows_{std::make_shared<const pqxx::result>(std::move(rows))} {}

std::size_t answer::size() const { return rows_->size(); }

std::size_t answer::affected() const { return rows_->affected_rows(); }

std::optional<std::string_view> answer::cell(std::size_t row, std::size_t column) const {
  const auto field = (*rows_)[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
  if (field.is_null()) return std::nullopt;
  return std::string_view{field.c_str(), field.size()};
}

bool row::skip_null() {
  if (from_->cell(number_, column_)) return false;
  ++column_;
  return true;
}

void row::read_bytes(std::uint8_t* to, std::size_t size) {
  const auto hex = next();
  const auto present = std::min(size, count_of(hex));
  for (std::size_t i = 0; i < present; ++i) to[i] = byte_at(hex, i);
}

void row::read(bytes& value) {
  const auto hex = next();
  value.content.resize(count_of(hex));
  for (std::size_t i = 0; i < value.content.size(); ++i) value.content[i] = static_cast<char>(byte_at(hex, i));
}

} // namespace parley::persistence::postgres
