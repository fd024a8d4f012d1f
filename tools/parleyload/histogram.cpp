#include "tools/parleyload/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace parley::load {

// A value keeps its highest eight bits, of which the first is always set; the bits dropped are its power.
//
//     bucket = power * 128 + (value >> power)

std::size_t histogram::bucket_of(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const auto power = width > bits + 1 ? width - bits - 1 : 0;
  return (static_cast<std::size_t>(power) << bits) + (value >> power);
}

std::uint64_t histogram::top_of(std::size_t bucket) {
  const auto row = bucket >> bits;
  const auto power = row > 1 ? row - 1 : 0;
  return ((bucket - (power << bits) + 1) << power) - 1;
}

void histogram::record(std::chrono::nanoseconds duration) {
  constexpr std::int64_t longest = (std::int64_t{1} << value_bits) - 1;
  const auto value = static_cast<std::uint64_t>(std::clamp<std::int64_t>(duration.count(), 0, longest));
  ++counts_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

std::chrono::nanoseconds histogram::quantile(double q) const {
  if (count_ == 0) return {};
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  while (bucket < counts_.size() && (seen += counts_[bucket]) < wanted) ++bucket;
  return std::chrono::nanoseconds{std::min(top_of(std::min(bucket, counts_.size() - 1)), max_)};
}

} // namespace parley::load
