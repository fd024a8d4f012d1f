#include "persistence/postgres/pool.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace parley::persistence::postgres {

pool::pool(connection_options options, unsigned size) : options_{std::move(options)}, slots_(std::max(1U, size)) {
  for (auto& one : slots_) free_.give_back(one);
}

void pool::keep(connection open) {
  auto& one = free_.take();
  one = std::move(open);
  free_.give_back(one);
}

void pool::give_back(slot& lent) {
  if (lent && lent->is_lost()) lent.reset();
  free_.give_back(lent);
}

result<void> pool::connect(slot& into) {
  if (into) return {};
  {
    const std::scoped_lock lock{mutex_};
    if (std::chrono::steady_clock::now() < back_off_.next_attempt()) return fail(errc::unavailable, why_);
  }
  auto made = connection::open(options_);
  const std::scoped_lock lock{mutex_};
  if (!made) {
    note_failure(made.error());
    return fail(errc::unavailable, why_);
  }
  if (back_off_.has_failed()) spdlog::info("PostgreSQL is there again ({})", options_.name);
  back_off_.note_success();
  into.emplace(*std::move(made));
  return {};
}

void pool::note_failure(const error& why) {
  // Once for each time that it goes away.
  if (!back_off_.has_failed()) spdlog::warn("PostgreSQL cannot be reached ({}): {}", options_.name, why.detail);
  why_ = why.detail;
  back_off_.note_failure();
}

} // namespace parley::persistence::postgres
