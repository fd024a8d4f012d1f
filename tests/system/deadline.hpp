/// How long tests wait for what must happen. Generous: it is only used up when something is wrong.

#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <thread>

namespace parley::tests {

constexpr std::chrono::milliseconds default_patience{30'000};

class deadline {
public:
  explicit deadline(std::chrono::milliseconds from_now = default_patience)
      : at_{std::chrono::steady_clock::now() + from_now} {}

  [[nodiscard]] std::chrono::steady_clock::time_point at() const { return at_; }
  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() >= at_; }
  [[nodiscard]] std::chrono::milliseconds left() const {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(at_ - std::chrono::steady_clock::now());
    return std::max(rest, std::chrono::milliseconds{0});
  }
  /// As `poll` takes it.
  [[nodiscard]] int left_ms() const { return static_cast<int>(left().count()); }

private:
  std::chrono::steady_clock::time_point at_;
};

/// Between two looks at something that can only be looked at.
inline void short_pause() { std::this_thread::sleep_for(std::chrono::milliseconds{2}); }

/// Looks until `holds` does; false when it did not in time.
[[nodiscard]] bool eventually(std::predicate auto holds, deadline until = deadline{}) {
  while (!holds()) {
    if (until.is_over()) return false;
    short_pause();
  }
  return true;
}

} // namespace parley::tests
