/// A small pool of threads that may block: every read of the database, and the few writes that are no log entries.

#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <parley/stores.hpp>

#include "actors/failure.hpp"
#include "actors/messages.hpp"
#include "actors/system.hpp"

namespace parley::actors {

class store_readers {
public:
  /// Spawns as many actors as there are `threads`.
  store_readers(caf::actor_system& system, stores where, unsigned threads, thread_use thread = thread_use::own);

  /// Runs `job(const stores&) -> result<T>` on a reader's thread and `then(result<T>)` on `self`. Jobs of one caller
  /// may overtake each other. An answer that takes longer than `timeout` is `timeout`.
  template <class Job, class Then>
  void run(caf::event_based_actor* self, std::chrono::milliseconds timeout, Job job, Then then) const {
    using outcome = std::invoke_result_t<Job, const stores&>;
    auto slot = std::make_shared<outcome>(fail(errc::internal, "a reader ended early"));
    auto finish = std::make_shared<Then>(std::move(then));
    self->request(next(), timeout, run_blocking{[slot, job = std::move(job)](const stores& s) { *slot = job(s); }})
        .then([slot, finish](completed) { (*finish)(std::move(*slot)); },
              [finish](const caf::error& why) { (*finish)(outcome{fail(from_caf(why))}); });
  }

  [[nodiscard]] const std::vector<caf::actor>& actors() const { return *actors_; }

private:
  const caf::actor& next() const;

  std::shared_ptr<std::vector<caf::actor>> actors_;
  std::shared_ptr<std::atomic<unsigned>> turn_;
};

} // namespace parley::actors
