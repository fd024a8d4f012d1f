#include "persistence/spans.hpp"

#include <algorithm>

namespace parley::persistence {

membership_span readable_span(const member& self, history_policy history, seq_no head) {
  const auto first = history == history_policy::joined ? self.joined : 1;
  return {.joined = std::max<seq_no>(first, 1), .left = self.active() ? head : self.left};
}

std::vector<membership_span> owed_spans(const member& self, seq_no cursor, seq_no head) {
  std::vector<membership_span> owed;
  const auto add = [&](const membership_span& span) {
    const auto first = std::max(span.joined, cursor + 1);
    if (first <= span.left) owed.push_back({.joined = first, .left = span.left});
  };
  for (const auto& span : self.earlier) add(span);
  add({.joined = self.joined, .left = self.active() ? head : self.left});
  return owed;
}

} // namespace parley::persistence
