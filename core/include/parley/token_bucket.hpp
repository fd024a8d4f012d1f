/// A rate limit: `burst` at once, `per_second` in the long run. Not thread-safe; time is handed in.

#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include <parley/clock.hpp>

namespace parley {

class token_bucket {
public:
  /// `per_second` 0: no limit.
  token_bucket(double per_second, double burst, instant now)
      : per_second_{per_second}, burst_{std::max(burst, 1.0)}, tokens_{burst_}, filled_{now} {}

  /// Takes one token, or returns how long to wait for one.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(instant now) {
    if (per_second_ <= 0) return std::nullopt;
    const auto elapsed = std::chrono::duration<double>(now - filled_).count();
    tokens_ = std::min(burst_, tokens_ + elapsed * per_second_);
    filled_ = now;
    if (tokens_ >= 1) {
      tokens_ -= 1;
      return std::nullopt;
    }
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil((1 - tokens_) / per_second_ * 1000))};
  }

  /// Gives a token back: what it was taken for turned out to cost nothing.
  void refund() { tokens_ = std::min(burst_, tokens_ + 1); }

  /// Full again, so that it may be forgotten.
  [[nodiscard]] bool is_full(instant now) const {
    return tokens_ + std::chrono::duration<double>(now - filled_).count() * per_second_ >= burst_;
  }

private:
  double per_second_;
  double burst_;
  double tokens_;
  instant filled_;
};

} // namespace parley
