/// What transcripts expect of a frame: JSON of which only the stated fields count.
///
/// Objects may have further fields, arrays are matched whole. A string `"$name"` takes the value that is there under
/// that name when it is met first, and stands for it afterwards, in longer strings too (`"$conversation:1"`).
/// `"<any>"`,
/// `"<text>"`, `"<number>"` and `"<uuid>"` match by kind, and `"<none>"` says that the field must not be there.
/// `<x*100>` inside a string is a hundred times x.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/system/json.hpp"

namespace parley::tests {

class captures {
public:
  /// `text` with every known `$name` and every `<x*100>` replaced.
  [[nodiscard]] std::string fill_in(std::string_view text) const;
  /// Where `actual` is not as `expected` says; nothing: it matches, and what it names is captured.
  [[nodiscard]] std::optional<std::string> mismatch(const json& expected, const json& actual);

private:
  using by_name = std::map<std::string, json, std::less<>>;

  static std::optional<std::string> compare(const json& expected, const json& actual, const std::string& place,
                                            by_name& known);
  static std::string with_values(const std::string& text, const by_name& known);

  by_name known_;
};

} // namespace parley::tests
