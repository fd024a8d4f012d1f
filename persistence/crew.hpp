/// Threads that help whoever has several things to do at once.
///
/// A caller does its share itself, so nothing waits for a helper: while all of them are busy, the caller does one thing
/// after the other. Any thread may call, many at a time; no thread is made for a call.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace parley::persistence {

class crew {
public:
  explicit crew(std::size_t helpers);
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  /// Nobody may be in `each` any more.
  ~crew();

  /// Calls `act(0)` to `act(count - 1)`, each once and in no order, and returns when all of them have. `act` must not
  /// throw.
  void each(std::size_t count, const std::function<void(std::size_t)>& act);

private:
  struct job;

  /// Runs what is next of `of`; the lock is open meanwhile.
  void do_next(job& of, std::unique_lock<std::mutex>& held);
  void help();

  std::mutex mutex_;
  std::condition_variable work_;
  /// Those of which something has not been begun, oldest first. Each lives in its call of `each`.
  std::deque<job*> open_;
  bool ends_ = false;
  std::vector<std::thread> helpers_;
};

} // namespace parley::persistence
