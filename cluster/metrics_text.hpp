/// Writes figures in the text format of Prometheus (version 0.0.4):
///
///     # HELP parley_sessions Connected devices.
///     # TYPE parley_sessions gauge
///     parley_sessions 12

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::cluster {

class metrics_text {
public:
  /// One figure that rises and falls.
  void gauge(std::string_view name, std::string_view help, double value);
  /// One that only rises.
  void counter(std::string_view name, std::string_view help, double value);
  /// One that only rises, with a label; `sample` follows for each of the label's values.
  void counters(std::string_view name, std::string_view help);
  /// `label` and `value` are words without quotes and backslashes.
  void sample(std::string_view name, std::string_view label, std::string_view label_value, double value);

  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  void head(std::string_view name, std::string_view help, std::string_view type);

  std::string text_;
};

} // namespace parley::cluster
