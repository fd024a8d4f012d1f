#include "net/auth/work_pool.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace parley::net {

namespace {

/// About what a full queue needs to move on by ten places.
constexpr std::chrono::milliseconds overload_pause{1'000};

void call(const work_pool::job& work, result<void> may_run) {
  try {
    work(std::move(may_run));
  } catch (const std::exception& why) {
    spdlog::error("a job of a work pool failed: {}", why.what());
  }
}

} // namespace

work_pool::work_pool(work_pool_limits limits, const clock& time) : limits_{limits}, time_{&time} {
  for (unsigned i = 0; i < std::max(1U, limits_.threads); ++i) threads_.emplace_back([this] { serve(); });
}

work_pool::~work_pool() {
  std::deque<waiting_job> refused;
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
    refused.swap(waiting_);
  }
  wake_.notify_all();
  for (const auto& each : refused) call(each.work, fail(errc::unavailable, "the server is stopping"));
  for (auto& thread : threads_) thread.join();
}

std::optional<error> work_pool::refusal() const {
  if (ending_) return error{errc::unavailable, "the server is stopping", {}, {}};
  if (waiting_.size() < limits_.queue) return std::nullopt;
  return error{errc::overloaded, "too many requests are waiting", {}, overload_pause};
}

void work_pool::run(job work) {
  std::unique_lock lock{mutex_};
  if (auto refused = refusal()) {
    lock.unlock();
    return call(work, fail(*std::move(refused)));
  }
  waiting_.push_back({std::move(work), time_->steady()});
  lock.unlock();
  wake_.notify_one();
}

void work_pool::serve() {
  std::unique_lock lock{mutex_};
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    if (time_->steady() - next.since > limits_.age) {
      call(next.work, fail(errc::timeout, "the request has waited for too long"));
    } else {
      call(next.work, {});
    }
    next = {}; // what the job holds is let go before the lock is taken
    lock.lock();
  }
}

} // namespace parley::net
