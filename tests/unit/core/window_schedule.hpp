/// One random schedule for a session window: logs that grow, pushes that come late, twice or not at all, a replay,
/// holes answered when it pleases the log, a queue that drains when it pleases the network, transports that go and lose
/// what is under way, a device that comes back, to the same session or to a new one, and checks it all.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::tests {

/// Something broken on purpose, to see that it is found.
enum class planted_bug {
  none,
  /// One question for a hole is never answered.
  unanswered_need,
  /// One push is lost on the way to the device, and the counters behind it hide that.
  swallowed_push,
  /// One acknowledgement is lost on the way to the device.
  swallowed_ack,
  /// One push is lost of those that a resume repeats, and the counters behind it hide that.
  swallowed_in_resume,
  /// One hint is lost on the way to the device.
  swallowed_hint,
};

/// By its name; none if there is no such bug.
[[nodiscard]] planted_bug planted_bug_of(std::string_view name);

struct schedule_report {
  /// What the device objected to; empty: nothing.
  std::string violation;
  // What happened, to see that a schedule is worth its name.
  std::size_t entries = 0, needs = 0, lags = 0, gaps = 0, dropped = 0, repeated = 0, own = 0, cuts = 0, resumed = 0,
              begun_again = 0, hints = 0;
};

[[nodiscard]] schedule_report run_schedule(std::uint64_t seed, planted_bug bug = planted_bug::none);

} // namespace parley::tests
