/// The outcome of a run: named figures in their order, as a table for people or as one line of JSON for programs.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "tools/parleyload/histogram.hpp"

namespace parley::load {

class figures {
public:
  explicit figures(std::string mode) : mode_{std::move(mode)} {}

  /// `key` is the name in JSON, `label` the one in the table.
  figures& add(std::string key, std::string label, double value);
  figures& add(std::string key, std::string label, const histogram& latencies);
  /// Counts by reason, none left out; nothing in the table when there is none.
  figures& add(std::string key, std::string label, const std::map<std::string, std::uint64_t, std::less<>>& counts);

  [[nodiscard]] std::string as_table(bool ok) const;
  [[nodiscard]] std::string as_json(bool ok) const;

private:
  struct latency {
    double p50 = 0, p90 = 0, p99 = 0, max = 0; // microseconds
  };
  using counts = std::map<std::string, std::uint64_t, std::less<>>;
  struct figure {
    std::string key, label;
    std::variant<double, latency, counts> value;
  };

  std::string mode_;
  std::vector<figure> list_;
};

} // namespace parley::load
