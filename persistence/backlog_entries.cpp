#include "persistence/backlog_entries.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

#include "persistence/spans.hpp"

namespace parley::persistence {

namespace {

result<std::vector<entry>> read_newest(const std::vector<membership_span>& spans, std::size_t limit,
                                       const log_reads& log) {
  std::vector<entry> newest;
  for (const auto& [first, last] : spans | std::views::reverse) {
    if (newest.size() >= limit) break;
    auto part = log.range({.after = first - 1, .before = last + 1, .limit = limit - newest.size(), .newest = true});
    if (!part) return part;
    newest.insert(newest.begin(), std::make_move_iterator(part->begin()), std::make_move_iterator(part->end()));
  }
  return newest;
}

bool holds(const std::vector<entry>& entries, seq_no seq) {
  return std::ranges::binary_search(entries, seq, {}, &entry::seq);
}

} // namespace

result<void> fill(backlog& owed, const member& self, std::size_t limit, const log_reads& log) {
  const auto spans = owed_spans(self, owed.cursor, owed.head);
  if (!spans.empty())
    owed.cursor = spans.front().joined - 1;
  else if (self.joined > 0)
    owed.cursor = std::max(owed.cursor, self.joined - 1);
  if (owed.mode == delivery_mode::pull || spans.empty()) return {};

  auto entries = read_newest(spans, limit, log);
  if (!entries) return fail(entries.error());
  owed.entries = *std::move(entries);
  if (owed.entries.empty()) return {};

  // A change comes after what it changes. Without a gap up to the head it is among the entries themselves.
  const auto first = owed.entries.front().seq;
  const auto is_change = [&](const entry& one) { return one.target > 0 && holds(owed.entries, one.target); };
  if (first + owed.entries.size() == owed.head + 1) {
    std::ranges::copy_if(owed.entries, std::back_inserter(owed.changes), is_change);
    return {};
  }
  auto changes = log.changes(first, owed.entries.back().seq, owed.head);
  if (!changes) return fail(changes.error());
  std::ranges::copy_if(*changes, std::back_inserter(owed.changes), is_change);
  return {};
}

} // namespace parley::persistence
