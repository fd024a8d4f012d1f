/// What is to be done later, soonest first.

#pragma once

#include <optional>
#include <queue>
#include <vector>

#include <parley/clock.hpp>

namespace parley::load {

template <class What> class timer_queue {
public:
  void push(instant at, What what) { entries_.push({at, std::move(what)}); }

  /// When the next is due; `otherwise` when there is none before it.
  [[nodiscard]] instant next(instant otherwise) const {
    return entries_.empty() ? otherwise : std::min(otherwise, entries_.top().at);
  }

  /// Takes one that is due.
  [[nodiscard]] std::optional<What> pop(instant now) {
    if (entries_.empty() || entries_.top().at > now) return std::nullopt;
    auto what = entries_.top().what;
    entries_.pop();
    return what;
  }

private:
  struct entry {
    instant at;
    What what;

    bool operator<(const entry& other) const { return at > other.at; }
  };

  std::priority_queue<entry> entries_;
};

} // namespace parley::load
