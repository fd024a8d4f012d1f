#include "actors/receipt_keeper.hpp"

#include <algorithm>
#include <utility>

namespace parley::actors {

void receipt_keeper::span::cover(seq_no begin, seq_no end) {
  from = is_empty() ? begin : std::min(from, begin);
  to = std::max(to, end);
}

void receipt_keeper::owe(const owed_receipt& what) {
  auto& user = users_[what.user];
  switch (what.what) {
  case owed_receipt::kind::delivered: user.delivered.cover(what.from, what.to); break;
  case owed_receipt::kind::read: user.read.cover(what.from, what.to); break;
  case owed_receipt::kind::own_read:
    user.own_read.cover(what.from, what.to);
    user.read_by = what.by;
    break;
  }
}

std::vector<owed_receipt> receipt_keeper::take_due(instant now) {
  std::vector<owed_receipt> due;
  for (auto next = users_.begin(); next != users_.end();) {
    auto& [user, state] = *next;
    if (state.pushed && now - *state.pushed < interval_) {
      ++next;
      continue;
    }
    if (!state.is_owed()) {
      next = users_.erase(next);
      continue;
    }
    const auto read = std::exchange(state.read, {});
    auto delivered = std::exchange(state.delivered, {});
    const auto own = std::exchange(state.own_read, {});
    if (!read.is_empty()) due.push_back({user, owed_receipt::kind::read, read.from, read.to, {}});
    // One receipt says both when both moved together.
    if (delivered.to > read.to)
      due.push_back({user, owed_receipt::kind::delivered, std::max(delivered.from, read.to), delivered.to, {}});
    if (!own.is_empty()) due.push_back({user, owed_receipt::kind::own_read, own.from, own.to, state.read_by});
    state.pushed = now;
    ++next;
  }
  return due;
}

std::optional<instant> receipt_keeper::next_due() const {
  std::optional<instant> next;
  for (const auto& [_, state] : users_) {
    // A user with nothing owed is looked at once more to be forgotten.
    const auto at = state.pushed ? *state.pushed + interval_ : instant{};
    if (!next || at < *next) next = at;
  }
  return next;
}

} // namespace parley::actors
