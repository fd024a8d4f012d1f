#include "persistence/postgres/pool.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace parley::persistence::postgres {

pool::pool(connection_options options, unsigned size) : options_{std::move(options)}, slots_(std::max(1U, size)) {
  for (auto& one : slots_) free_.push_back(&one);
}

void pool::keep(connection open) {
  const std::scoped_lock lock{mutex_};
  if (!free_.empty()) *free_.back() = std::move(open);
}

pool::slot& pool::take() {
  std::unique_lock lock{mutex_};
  // Who came first is served first, so somebody who takes one again and again does not keep the others waiting.
  const auto turn = arrivals_++;
  returned_.wait(lock, [&] { return !free_.empty() && served_ == turn; });
  ++served_;
  auto* const next = free_.back();
  free_.pop_back();
  // The next in the queue may have been woken before its turn.
  if (!free_.empty() && served_ != arrivals_) returned_.notify_all();
  return *next;
}

void pool::give_back(slot& lent) {
  if (lent && lent->is_lost()) lent.reset();
  {
    const std::scoped_lock lock{mutex_};
    // The last one back goes out first: what is seldom needed is never connected.
    free_.push_back(&lent);
  }
  returned_.notify_all();
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
  if (back_off_.has_failed()) spdlog::info("PostgreSQL is there again");
  back_off_.note_success();
  into.emplace(*std::move(made));
  return {};
}

void pool::note_failure(const error& why) {
  // Once for each time that it goes away.
  if (!back_off_.has_failed()) spdlog::warn("PostgreSQL cannot be reached: {}", why.detail);
  why_ = why.detail;
  back_off_.note_failure();
}

} // namespace parley::persistence::postgres
