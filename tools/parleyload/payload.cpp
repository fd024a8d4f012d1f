#include "tools/parleyload/payload.hpp"

#include <charconv>

#include <parley/ensure.hpp>
#include <parley/json_text.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace parley::load {

namespace {

constexpr std::size_t checksum_digits = 16;

void append_checksum(std::string& out, std::uint64_t checksum) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out.push_back(digits[checksum >> shift & 15]);
}

// Takes a number and the space behind it from the front of `text`.
template <class Number> bool take_number(std::string_view& text, Number& number, int base = 10) {
  const auto* const end = text.data() + text.size();
  const auto [stop, trouble] = std::from_chars(text.data(), end, number, base);
  if (trouble != std::errc{} || stop == end || *stop != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return true;
}

} // namespace

payloads::payloads(std::string run, std::size_t bytes) : run_{std::move(run)}, bytes_{bytes} {
  ensure(run_.size() <= 12 && bytes >= bytes_min && bytes <= bytes_max, "a payload keeps its bounds");
  // Twice the largest text, so that each can begin at a place of its own.
  letters_.reserve(2 * bytes_max);
  for (std::uint64_t i = 0; letters_.size() < 2 * bytes_max; ++i)
    letters_.push_back(static_cast<char>('a' + XXH3_64bits(&i, sizeof i) % 26));
}

std::string_view payloads::filling_of(const payload_id& id, std::size_t bytes) const {
  const auto start = (id.number * 31 + id.pair) % bytes_max;
  return std::string_view{letters_}.substr(start, bytes);
}

std::uint64_t payloads::checksum_of(const payload_id& id, std::string_view filling) const {
  const auto seed = XXH3_64bits_withSeed(run_.data(), run_.size(), id.number << 24 ^ id.pair);
  return XXH3_64bits_withSeed(filling.data(), filling.size(), seed);
}

void payloads::append(std::string& out, const payload_id& id) const {
  const auto start = out.size();
  out.append(run_).push_back(' ');
  append_number(out, id.pair);
  out.push_back(' ');
  append_number(out, id.number);
  out.push_back(' ');
  const auto filling = filling_of(id, bytes_ - (out.size() - start) - checksum_digits - 1);
  append_checksum(out, checksum_of(id, filling));
  out.push_back(' ');
  out.append(filling);
}

std::optional<payload_id> payloads::read(std::string_view text) const {
  if (text.size() != bytes_ || !text.starts_with(run_) || text[run_.size()] != ' ') return std::nullopt;
  text.remove_prefix(run_.size() + 1);
  payload_id id;
  std::uint64_t checksum = 0;
  if (!take_number(text, id.pair) || !take_number(text, id.number) || !take_number(text, checksum, 16))
    return std::nullopt;
  if (checksum_of(id, text) != checksum) return std::nullopt;
  return id;
}

} // namespace parley::load
