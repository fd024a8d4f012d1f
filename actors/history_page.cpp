#include "actors/history_page.hpp"

#include <algorithm>

namespace parley::actors {

namespace {

/// `count` entries that end at `to`, as far as there are.
seq_no start_of(seq_no to, seq_no count, seq_no first) { return to + 1 > count + first ? to + 1 - count : first; }

} // namespace

history_page page_of(const history_request& request, seq_no first, seq_no last) {
  const seq_no limit = request.limit;
  history_page page;
  if (request.after) {
    page.from = std::max(*request.after + 1, first);
    page.to = std::min(last, page.from + limit - 1);
    page.more = page.from <= page.to && page.to < last;
    page.reaches_head = !page.more;
  } else if (request.around) {
    const auto middle = std::clamp(*request.around, first, std::max(first, last));
    page.from = start_of(middle, limit / 2 + 1, first);
    page.to = std::min(last, page.from + limit - 1);
    page.from = start_of(page.to, limit, first);
    page.more = page.from > first || page.to < last;
    page.reaches_head = !page.more;
  } else {
    page.to = request.before ? std::min(last, std::max<seq_no>(*request.before, 1) - 1) : last;
    page.from = start_of(page.to, limit, first);
    page.more = page.from > first && page.from <= page.to;
    page.reaches_head = !request.before && !page.more;
  }
  return page;
}

} // namespace parley::actors
