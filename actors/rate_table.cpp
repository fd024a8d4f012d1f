#include "actors/rate_table.hpp"

#include <algorithm>

namespace parley::actors {

std::optional<milliseconds> rate_table::take(const std::string& key, instant now) {
  if (limit_.per_second <= 0) return std::nullopt;
  auto& where = stripe_of(key);
  const std::lock_guard guard{where.lock};
  if (where.buckets.size() >= where.sweep_at) {
    std::erase_if(where.buckets, [&](const auto& one) { return one.second.is_full(now); });
    where.sweep_at = std::max<std::size_t>(1'024, where.buckets.size() * 2);
  }
  return where.buckets.try_emplace(key, limit_.per_second, limit_.burst, now).first->second.take(now);
}

void rate_table::refund(const std::string& key) {
  auto& where = stripe_of(key);
  const std::lock_guard guard{where.lock};
  if (const auto found = where.buckets.find(key); found != where.buckets.end()) found->second.refund();
}

} // namespace parley::actors
