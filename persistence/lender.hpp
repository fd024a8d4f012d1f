/// Lends out things one at a time. Any thread.
///
/// Who came first is served first, so somebody who takes one again and again does not keep the others waiting. The last
/// one back goes out first: it is the warmest, and what is seldom needed is left alone.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace parley::persistence {

template <class T> class lender {
public:
  /// Before anything is lent, or to bring back what was. The thing stays its owner's.
  void give_back(T& thing) {
    {
      const std::scoped_lock lock{mutex_};
      free_.push_back(&thing);
    }
    returned_.notify_all();
  }

  /// Waits until one is free.
  [[nodiscard]] T& take() {
    std::unique_lock lock{mutex_};
    const auto turn = arrivals_++;
    returned_.wait(lock, [&] { return !free_.empty() && served_ == turn; });
    ++served_;
    auto* const next = free_.back();
    free_.pop_back();
    // The next in the queue may have been woken before its turn.
    if (!free_.empty() && served_ != arrivals_) returned_.notify_all();
    return *next;
  }

private:
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<T*> free_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t served_ = 0;
};

} // namespace parley::persistence
