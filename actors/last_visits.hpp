/// Writes when users were last seen. Those who go at the same time, as all do when a node or a network ends, are
/// written in one transaction: a write of its own for each would take minutes.

#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include <parley/stores.hpp>

namespace parley::actors {

/// Any thread; outlives the jobs that write.
class last_visits {
public:
  void add(last_visit visit) {
    const std::lock_guard guard{lock_};
    waiting_.push_back(std::move(visit));
  }

  /// To be called, where one may wait, after each `add`: on return the visit was written, or it is lost and the caller
  /// or somebody else was told why.
  [[nodiscard]] result<void> write(const stores& to) {
    // Whoever comes meanwhile waits for this one, and the first of them writes for all.
    const std::lock_guard one_at_a_time{writing_};
    std::vector<last_visit> batch;
    {
      const std::lock_guard guard{lock_};
      batch.swap(waiting_);
    }
    if (batch.empty()) return {};
    return to.accounts->set_last_seen(batch);
  }

private:
  std::mutex lock_;
  std::vector<last_visit> waiting_;
  std::mutex writing_;
};

} // namespace parley::actors
