#include "persistence/postgres/parameters.hpp"

namespace parley::persistence::postgres {

std::string hex_text(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text{"\\x"};
  text.reserve(2 + 2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(digits[bytes[i] >> 4U]);
    text.push_back(digits[bytes[i] & 0xfU]);
  }
  return text;
}

void append_element(std::string& array, const parameter& element) {
  if (array.back() != '{') array.push_back(',');
  if (!element) {
    array += "NULL";
    return;
  }
  array.push_back('"');
  for (const auto c : *element) {
    if (c == '"' || c == '\\') array.push_back('\\');
    array.push_back(c);
  }
  array.push_back('"');
}

} // namespace parley::persistence::postgres
