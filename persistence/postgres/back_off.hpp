/// When to try again what fails: 50 ms after the first failure, doubling up to a second, each time a little earlier by
/// chance, so that not all who wait come at the same moment. One thread at a time.

#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace parley::persistence::postgres {

class back_off {
public:
  using instant = std::chrono::steady_clock::time_point;

  [[nodiscard]] bool has_failed() const { return pause_ > milliseconds{0}; }
  /// Nothing should be tried before.
  [[nodiscard]] instant next_attempt() const { return next_attempt_; }

  void note_failure() {
    pause_ = std::clamp(pause_ * 2, milliseconds{50}, milliseconds{1'000});
    const auto spread = static_cast<milliseconds::rep>(dice_() % static_cast<unsigned>(pause_.count() / 4 + 1));
    next_attempt_ = std::chrono::steady_clock::now() + pause_ - milliseconds{spread};
  }
  void note_success() {
    pause_ = milliseconds{0};
    next_attempt_ = {};
  }

private:
  using milliseconds = std::chrono::milliseconds;

  /// Of failures one after another.
  milliseconds pause_{0};
  instant next_attempt_{};
  std::minstd_rand dice_{std::random_device{}()};
};

} // namespace parley::persistence::postgres
