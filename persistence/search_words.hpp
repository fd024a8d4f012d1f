/// How texts and queries are taken apart into words, so that one is found in the other.
///
/// The form of a text is its words in small letters, each behind one space: ` don t stop`. Scripts that are written
/// without spaces, and pictures, have every character as a word of its own: ` 咖 啡`.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::persistence {

/// The form of `text`, which is valid UTF-8; empty if it has no words.
[[nodiscard]] std::string search_form(std::string_view text);

/// The forms of what stands between the spaces of a query, without those that have no words.
[[nodiscard]] std::vector<std::string> search_terms(std::string_view query);

/// Whether every one of `terms` is in `form`: its words in a row, the last one as the beginning of a word.
[[nodiscard]] bool matches(std::string_view form, const std::vector<std::string>& terms);

} // namespace parley::persistence
