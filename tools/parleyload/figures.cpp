#include "tools/parleyload/figures.hpp"

#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

namespace parley::load {

namespace json = boost::json;

namespace {

bool is_whole(double number) { return std::abs(number) < 1e15 && number == std::floor(number); }

} // namespace

figures& figures::add(std::string key, std::string label, double value) {
  list_.push_back({std::move(key), std::move(label), value});
  return *this;
}

figures& figures::add(std::string key, std::string label, const histogram& latencies) {
  const auto at = [&](double q) { return static_cast<double>(latencies.quantile(q).count()) / 1000; };
  const latency found{at(0.5), at(0.9), at(0.99), static_cast<double>(latencies.max().count()) / 1000};
  list_.push_back({std::move(key), std::move(label), found});
  return *this;
}

figures& figures::add(std::string key, std::string label, const counts& found) {
  list_.push_back({std::move(key), std::move(label), found});
  return *this;
}

std::string figures::as_table(bool ok) const {
  auto table = mode_ + '\n';
  for (const auto& [key, label, value] : list_) {
    if (const auto* const number = std::get_if<double>(&value)) {
      const auto digits = is_whole(*number) || std::abs(*number) >= 100 ? 0 : 2;
      table += fmt::format("  {:<44}{:>14.{}f}\n", label, *number, digits);
    } else if (const auto* const times = std::get_if<latency>(&value)) {
      table += fmt::format("  {:<44}p50 {:.2f} ms, p90 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", label,
                           times->p50 / 1000, times->p90 / 1000, times->p99 / 1000, times->max / 1000);
    } else {
      for (const auto& [why, count] : std::get<counts>(value)) table += fmt::format("  {} {}: {}\n", label, count, why);
    }
  }
  return table + (ok ? "  all was well\n" : "  FAILED\n");
}

std::string figures::as_json(bool ok) const {
  json::object object{{"mode", mode_}, {"ok", ok}};
  for (const auto& [key, label, value] : list_) {
    if (const auto* const number = std::get_if<double>(&value)) {
      if (is_whole(*number))
        object[key] = static_cast<std::int64_t>(*number);
      else
        object[key] = *number;
    } else if (const auto* const times = std::get_if<latency>(&value)) {
      object[key] = json::object{{"p50", times->p50}, {"p90", times->p90}, {"p99", times->p99}, {"max", times->max}};
    } else {
      json::object reasons;
      for (const auto& [why, count] : std::get<counts>(value)) reasons[why] = count;
      object[key] = std::move(reasons);
    }
  }
  return json::serialize(object);
}

} // namespace parley::load
