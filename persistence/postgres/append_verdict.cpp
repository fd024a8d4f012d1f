#include "persistence/postgres/append_verdict.hpp"

#include <algorithm>

namespace parley::persistence::postgres {

namespace {

const entry* find_seq(const standing& in, seq_no seq) {
  const auto at = std::ranges::find(in.found, seq, &entry::seq);
  return at == in.found.end() ? nullptr : &*at;
}

/// Somebody may have erased its content since.
bool is_same(const entry& sent, const entry& found) {
  return sent.kind == found.kind && sent.author == found.author && sent.client == found.client &&
         sent.target == found.target && sent.at == found.at && sent.print == found.print &&
         (sent.body == found.body || found.body == "{}");
}

} // namespace

std::optional<write_outcome> judge_refused(const conversation_write& write, const standing& now) {
  if (write.entries.empty()) return std::nullopt;
  if (write.entries.front().seq != now.head + 1) return collision{};
  for (std::size_t i = 0; i < write.entries.size(); ++i) {
    const auto& sent = write.entries[i];
    if (!sent.client) continue;
    const auto first = std::ranges::find_if(
        now.found, [&](const entry& one) { return one.client == sent.client && one.author == sent.author; });
    if (first != now.found.end()) return repeated{i, *first};
  }
  return std::nullopt;
}

std::optional<write_outcome> judge_lost(const conversation_write& write, const standing& now) {
  if (write.entries.empty()) return std::nullopt;
  const auto* first = find_seq(now, write.entries.front().seq);
  if (!first) return std::nullopt;
  const auto is_there = [&](const entry& sent) {
    const auto* found = find_seq(now, sent.seq);
    return found && is_same(sent, *found);
  };
  if (std::ranges::all_of(write.entries, is_there)) return committed{};
  // Somebody else's entry: the key keeps this write out for good.
  return collision{};
}

} // namespace parley::persistence::postgres
