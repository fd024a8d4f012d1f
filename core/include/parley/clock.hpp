/// Time arrives through the constructor, so that a test can hold it still.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace parley {

/// Wall-clock time with the precision of the protocol: milliseconds since the Unix epoch, UTC.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
/// A point on a clock that never jumps; only differences mean something.
using instant = std::chrono::steady_clock::time_point;

[[nodiscard]] inline std::int64_t to_millis(timestamp at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline timestamp from_millis(std::int64_t millis) { return timestamp{std::chrono::milliseconds{millis}}; }

/// Both clocks of a node. Any thread.
class clock {
public:
  virtual ~clock() = default;

  [[nodiscard]] virtual timestamp now() const = 0;
  [[nodiscard]] virtual instant steady() const = 0;
};

class system_clock final : public clock {
public:
  [[nodiscard]] timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] instant steady() const override { return std::chrono::steady_clock::now(); }
};

/// A clock that moves when it is told to.
class manual_clock final : public clock {
public:
  explicit manual_clock(timestamp start = from_millis(1'790'000'000'000)) : start_{start} {}

  [[nodiscard]] timestamp now() const override { return start_ + std::chrono::milliseconds{elapsed_.load()}; }
  [[nodiscard]] instant steady() const override { return instant{std::chrono::milliseconds{elapsed_.load()}}; }

  void advance(std::chrono::milliseconds by) { elapsed_ += by.count(); }

private:
  timestamp start_;
  std::atomic<std::int64_t> elapsed_{0};
};

} // namespace parley
