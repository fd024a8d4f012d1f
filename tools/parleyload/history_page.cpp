#include "tools/parleyload/history_page.hpp"

#include <charconv>

namespace parley::load {

std::optional<seq_span> seqs_in(std::string_view items) {
  constexpr std::string_view name = "\"seq\":";
  std::optional<seq_span> span;
  for (auto at = items.find(name); at != std::string_view::npos; at = items.find(name, at)) {
    at += name.size();
    seq_no seq = 0;
    if (std::from_chars(items.data() + at, items.data() + items.size(), seq).ec != std::errc{}) return std::nullopt;
    if (!span)
      span = seq_span{seq, seq};
    else if (seq != span->last + 1)
      return std::nullopt;
    else
      span->last = seq;
  }
  return span;
}

} // namespace parley::load
