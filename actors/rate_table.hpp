/// Token buckets by key (a user, an address), shared by everything on the node that charges them. Any thread.
///
/// A bucket that is full again is forgotten, so the table is as large as the number of keys that were busy lately.

#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include <parley/settings.hpp>
#include <parley/token_bucket.hpp>

namespace parley::actors {

class rate_table {
public:
  explicit rate_table(rate_limit limit) : limit_{limit} {}

  /// Takes a token of `key`, or returns how long to wait for one.
  [[nodiscard]] std::optional<milliseconds> take(const std::string& key, instant now);
  /// What was charged turned out to be free.
  void refund(const std::string& key);

private:
  struct stripe {
    std::mutex lock;
    std::unordered_map<std::string, token_bucket> buckets;
    std::size_t sweep_at = 1'024;
  };

  stripe& stripe_of(const std::string& key) { return stripes_[std::hash<std::string>{}(key) % stripes_.size()]; }

  rate_limit limit_;
  std::array<stripe, 16> stripes_;
};

} // namespace parley::actors
