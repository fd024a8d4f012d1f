#include "persistence/postgres/pool.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace parley::persistence::postgres {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds pause_min{50};
constexpr milliseconds pause_max{1'000};

} // namespace

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
    if (steady_clock::now() < next_attempt_) return fail(errc::unavailable, why_);
  }
  auto made = connection::open(options_);
  const std::scoped_lock lock{mutex_};
  if (!made) {
    note_failure(made.error());
    return fail(errc::unavailable, why_);
  }
  if (pause_ > milliseconds{0}) spdlog::info("PostgreSQL is there again");
  pause_ = milliseconds{0};
  next_attempt_ = {};
  into.emplace(*std::move(made));
  return {};
}

void pool::note_failure(const error& why) {
  // Once for each time that it goes away.
  if (pause_ == milliseconds{0}) spdlog::warn("PostgreSQL cannot be reached: {}", why.detail);
  why_ = why.detail;
  pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
  // Not all nodes at the same moment.
  const auto spread = static_cast<milliseconds::rep>(dice_() % static_cast<unsigned>(pause_.count() / 4 + 1));
  next_attempt_ = steady_clock::now() + pause_ - milliseconds{spread};
}

} // namespace parley::persistence::postgres
