#include "persistence/spans.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

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

std::string to_text(const std::vector<membership_span>& spans) {
  std::string text;
  for (const auto& [joined, left] : spans) text += fmt::format("{}{}-{}", text.empty() ? "" : ",", joined, left);
  return text;
}

std::vector<membership_span> spans_of(std::string_view text) {
  std::vector<membership_span> spans;
  const auto take_number = [&] {
    seq_no number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
    return number;
  };
  while (!text.empty()) spans.push_back({.joined = take_number(), .left = take_number()});
  return spans;
}

} // namespace parley::persistence
