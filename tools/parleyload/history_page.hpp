/// What a page of history has to be: entries one behind the other.

#pragma once

#include <optional>
#include <string_view>

#include <parley/ids.hpp>

namespace parley::load {

struct seq_span {
  seq_no first = 0, last = 0;

  friend bool operator==(const seq_span&, const seq_span&) = default;
};

/// The seqs of the entries in `items`, the array as it stands in the frame; nothing when it is empty or has a hole. The
/// texts in it hold no quotes.
[[nodiscard]] std::optional<seq_span> seqs_in(std::string_view items);

} // namespace parley::load
