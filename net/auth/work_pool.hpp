/// Threads for what takes its time: hashing, stores. No io thread and no actor waits for it.

#pragma once

#include <parley/clock.hpp>
#include <parley/error.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace parley::net {

struct work_pool_limits {
  unsigned threads = 1;
  /// Jobs that wait for a thread.
  std::size_t queue = 64;
  /// A job that has waited for longer is not run.
  std::chrono::milliseconds age{5'000};
};

/// Any thread may use it. `time` must outlive it.
class work_pool {
public:
  /// Called exactly once. With nothing wrong it runs on a thread of the pool. Otherwise the error says why it may not
  /// run: `overloaded` (queue full, told before `run` returns), `timeout` (waited too long) or `unavailable` (the pool
  /// ends). What a job throws is logged and ends that job alone.
  using job = std::function<void(result<void> may_run)>;

  work_pool(work_pool_limits limits, const clock& time);
  /// Tells all waiting jobs `unavailable` and waits for the running ones.
  ~work_pool();

  work_pool(const work_pool&) = delete;
  work_pool& operator=(const work_pool&) = delete;

  void run(job work);

private:
  struct waiting_job {
    job work;
    instant since{};
  };

  void serve();
  /// Why no job is taken now, if so; the lock is held.
  [[nodiscard]] std::optional<error> refusal() const;

  work_pool_limits limits_;
  const clock* time_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<waiting_job> waiting_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

} // namespace parley::net
