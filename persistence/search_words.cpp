#include "persistence/search_words.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace parley::persistence {

namespace {

struct range {
  char32_t first = 0;
  char32_t last = 0;
};

constexpr std::array separators{
    range{0x80, 0xa9},     range{0xab, 0xb1},     range{0xb4, 0xb4},     range{0xb6, 0xb8},     range{0xbb, 0xbb},
    range{0xbf, 0xbf},     range{0xd7, 0xd7},     range{0xf7, 0xf7},     range{0x589, 0x58a},   range{0x60c, 0x60d},
    range{0x61b, 0x61f},   range{0x66a, 0x66d},   range{0x6d4, 0x6d4},   range{0x964, 0x965},   range{0x2000, 0x206f},
    range{0x20a0, 0x20cf}, range{0x3000, 0x3004}, range{0x3008, 0x3020}, range{0x30fb, 0x30fb}, range{0xfe00, 0xfe6f},
    range{0xff00, 0xff0f}, range{0xff1a, 0xff20}, range{0xff3b, 0xff40}, range{0xff5b, 0xff65}, range{0x1f3fb, 0x1f3ff},
};

// Thai, Lao, Myanmar, Khmer; symbols; kana; Han; pictures; Han beyond the basic plane.
constexpr std::array loners{
    range{0xe00, 0xeff},   range{0x1000, 0x109f},   range{0x1780, 0x17ff},   range{0x2600, 0x27bf},
    range{0x3005, 0x3007}, range{0x3040, 0x30ff},   range{0x3400, 0x4dbf},   range{0x4e00, 0x9fff},
    range{0xf900, 0xfaff}, range{0x1f000, 0x1faff}, range{0x20000, 0x3ffff},
};

bool is_in(std::span<const range> ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const range& one) { return one.first <= c && c <= one.last; });
}

bool is_separator(char32_t c) {
  if (c < 0x80) return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
  return is_in(separators, c);
}

/// The small letter of a Latin, Greek or Cyrillic one.
char32_t fold(char32_t c) {
  const auto within = [c](char32_t first, char32_t last) { return first <= c && c <= last; };
  if (within('A', 'Z') || within(0xc0, 0xde) || within(0x391, 0x3a9) || within(0x410, 0x42f)) return c + 0x20;
  if (within(0x400, 0x40f)) return c + 0x50;
  if (within(0x100, 0x12f) || within(0x132, 0x137) || within(0x14a, 0x177)) return c | 1U;
  if (within(0x139, 0x148) || within(0x179, 0x17e)) return c + (c & 1U);
  if (c == 0x3c2) return 0x3c3; // a sigma at the end of a word
  return c;
}

/// Takes the first character off `text`.
char32_t next_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto size = std::min<std::size_t>(text.size(), lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
  char32_t c = size == 1 ? lead : lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) c = (c << 6U) | (static_cast<unsigned char>(text[i]) & 0x3fU);
  text.remove_prefix(size);
  return c;
}

void append(std::string& out, char32_t c) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80U | ((c >> shift) & 0x3fU))); };
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xc0U | (c >> 6U)));
    tail(0);
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xe0U | (c >> 12U)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0U | (c >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

} // namespace

std::string search_form(std::string_view text) {
  std::string form;
  form.reserve(text.size() + 1);
  auto in_word = false;
  while (!text.empty()) {
    const auto c = next_character(text);
    if (is_separator(c)) {
      in_word = false;
      continue;
    }
    const auto alone = c >= 0x80 && is_in(loners, c);
    if (alone || !in_word) form.push_back(' ');
    append(form, fold(c));
    in_word = !alone;
  }
  return form;
}

std::vector<std::string> search_terms(std::string_view query) {
  constexpr std::string_view space = " \t\r\n";
  std::vector<std::string> terms;
  while (!query.empty()) {
    const auto end = std::min(query.find_first_of(space), query.size());
    auto form = search_form(query.substr(0, end));
    if (!form.empty()) terms.push_back(std::move(form));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return terms;
}

bool matches(std::string_view form, const std::vector<std::string>& terms) {
  return std::ranges::all_of(terms, [&](const std::string& term) { return form.find(term) != std::string_view::npos; });
}

} // namespace parley::persistence
