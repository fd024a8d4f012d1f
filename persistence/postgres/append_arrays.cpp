#include "persistence/postgres/append_arrays.hpp"

namespace parley::persistence::postgres {

namespace {

// Places in the head of an array.
constexpr std::size_t nulls_at = 4;
constexpr std::size_t length_at = 12;
constexpr std::size_t head_size = 20;

} // namespace

std::uint32_t array_type(element_type of) {
  switch (of) {
  case element_type::boolean: return 1000;
  case element_type::bytes: return 1001;
  case element_type::int8: return 1016;
  case element_type::int2: return 1005;
  case element_type::int4: return 1007;
  case element_type::text: return 1009;
  case element_type::uuid: return 2951;
  }
  return 0;
}

array_column::array_column(element_type type) : type_{type}, bytes_(head_size, '\0') {
  write_at(0, 1);
  write_at(8, static_cast<std::uint32_t>(type));
  write_at(16, 1);
}

void array_column::write_at(std::size_t place, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes_[place + i] = static_cast<char>(value >> (24 - 8 * i));
}

void array_column::write_number(std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
}

void array_column::begin_element(std::size_t size) {
  write_at(length_at, ++count_);
  write_number(size, 4);
}

void array_column::add(bool value) {
  begin_element(1);
  bytes_.push_back(value ? 1 : 0);
}

void array_column::add(seq_no value) {
  begin_element(8);
  write_number(value, 8);
}

void array_column::add(timestamp value) {
  begin_element(8);
  write_number(static_cast<std::uint64_t>(to_millis(value)), 8);
}

void array_column::add(const uuid& value) {
  begin_element(value.bytes.size());
  bytes_.append(value.bytes.begin(), value.bytes.end());
}

void array_column::add(std::string_view value) {
  begin_element(value.size());
  bytes_ += value;
}

void array_column::add_int2(std::int16_t value) {
  begin_element(2);
  write_number(static_cast<std::uint64_t>(value), 2);
}

void array_column::add_int4(std::int32_t value) {
  begin_element(4);
  write_number(static_cast<std::uint64_t>(value), 4);
}

void array_column::add_null() {
  write_at(nulls_at, 1);
  write_at(length_at, ++count_);
  write_number(0xffff'ffff, 4);
}

} // namespace parley::persistence::postgres
