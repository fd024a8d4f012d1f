/// The truth that a random schedule is checked against: the logs of a few conversations.

#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include <parley/ids.hpp>

namespace parley::tests {

struct log_line {
  /// The session under test asked for it, and whether it wants the push beside the acknowledgement.
  bool own = false;
  bool echo = true;
  /// A transport went before the device had the acknowledgement, or may have had it.
  bool cut = false;
  /// The session's answer has reached the window.
  bool answered = false;
  /// The live push has reached the window.
  bool pushed = false;
};

struct model_log {
  std::vector<log_line> lines;

  [[nodiscard]] seq_no head() const { return lines.size(); }
  [[nodiscard]] const log_line& at(seq_no seq) const { return lines.at(seq - 1); }
  [[nodiscard]] log_line& at(seq_no seq) { return lines.at(seq - 1); }
};

using model_logs = std::vector<model_log>;

/// The number that stands behind `name` in `text`, or 0.
[[nodiscard]] inline std::uint64_t number_behind(std::string_view text, std::string_view name) {
  std::uint64_t number = 0;
  if (const auto at = text.find(name); at != std::string_view::npos)
    std::from_chars(text.data() + at + name.size(), text.data() + text.size(), number);
  return number;
}

} // namespace parley::tests
