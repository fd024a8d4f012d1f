#include "cluster/metrics_text.hpp"

#include <iterator>

#include <fmt/format.h>

namespace parley::cluster {

// fmt writes the shortest text that reads back as the same double, and whole numbers up to 2^53 without an exponent
// where they have fewer than 17 digits.
void metrics_text::gauge(std::string_view name, std::string_view help, double value) {
  head(name, help, "gauge");
  fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
}

void metrics_text::counter(std::string_view name, std::string_view help, double value) {
  head(name, help, "counter");
  fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
}

void metrics_text::counters(std::string_view name, std::string_view help) { head(name, help, "counter"); }

void metrics_text::sample(std::string_view name, std::string_view label, std::string_view label_value, double value) {
  fmt::format_to(std::back_inserter(text_), "{}{{{}=\"{}\"}} {}\n", name, label, label_value, value);
}

void metrics_text::head(std::string_view name, std::string_view help, std::string_view type) {
  fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

} // namespace parley::cluster
