/// Which part of a log a page of history shows. Pure arithmetic: seqs have no gaps.

#pragma once

#include <parley/frames.hpp>

namespace parley::actors {

/// Entries from..to, none if from > to.
struct history_page {
  seq_no from = 1;
  seq_no to = 0;
  /// There is more in the direction asked for; around an entry: in either.
  bool more = false;
  /// The page ends at the newest visible entry and nothing between it and the reader's request was left out.
  bool reaches_head = false;
};

/// The page of `request` in a log of which entries first..last are visible to the reader.
[[nodiscard]] history_page page_of(const history_request& request, seq_no first, seq_no last);

} // namespace parley::actors
