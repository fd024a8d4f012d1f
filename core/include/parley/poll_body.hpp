/// What a long poll carries.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parley/ids.hpp>

namespace parley {

constexpr std::chrono::milliseconds poll_wait_max{25'000};

struct poll_body {
  /// The session that it goes on with, and the key to it.
  std::optional<std::string> session;
  std::string resume_key;
  /// The client has every push up to this one.
  std::uint64_t s = 0;
  std::optional<device_id> device;
  bool skip_replay = false;
  /// Each as text; what is wrong inside of one is for its own answer to say.
  std::vector<std::string> frames;
  std::chrono::milliseconds wait = poll_wait_max;
};

/// Reads the body of a poll. Not JSON or a bad field: `invalid_argument`; more than `frames_max` frames: `too_many`.
[[nodiscard]] result<poll_body> decode_poll(std::string_view text, std::size_t frames_max);

} // namespace parley
