/// The outcome of `chat`, for people and for programs.

#pragma once

#include <optional>
#include <string>

#include "tools/parleyload/chat_results.hpp"
#include "tools/parleyload/options.hpp"
#include "tools/parleyload/process_stats.hpp"

namespace parley::load {

/// Use of processors while sending.
struct processor_use {
  std::chrono::microseconds cpu{0};
  std::uint64_t resident_bytes = 0; // at the end
};

struct chat_report {
  std::string run;
  chat_results results;
  std::uint64_t pairs_failed = 0;
  std::chrono::duration<double> connecting{0}, sending{0}, draining{0};
  std::uint64_t completed_while_sending = 0;
  /// Messages whose time came and that the window, or the end, left no room for.
  std::uint64_t unsent = 0;
  processor_use own;
  /// Absent when the server's process is not known.
  std::optional<processor_use> server;
  bool interrupted = false;
};

/// A table for the terminal.
[[nodiscard]] std::string as_table(const chat_report& report, const chat_options& options);
/// One line, with durations in microseconds.
[[nodiscard]] std::string as_json(const chat_report& report, const chat_options& options);

} // namespace parley::load
