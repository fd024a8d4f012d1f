/// Time limits of requests to other actors, all of one length, kept by one reminder.
///
/// A time-out of CAF's own costs its clock's thread a wake-up for each request, and stays until it is due, long after
/// the answer has come: with thousands of requests a second these were a fifth of the processor time and most of the
/// memory.
///
/// Belongs to one actor, which hands every `look_at_deadlines` that it receives to `expire`.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <caf/event_based_actor.hpp>

#include <parley/clock.hpp>
#include <parley/error.hpp>

#include "actors/failure.hpp"
#include "actors/messages.hpp"

namespace parley::actors {

class answer_deadlines {
public:
  using failure_handler = std::function<void(const error&)>;

  answer_deadlines(caf::event_based_actor* self, const clock& time, std::chrono::milliseconds limit)
      : self_{self}, time_{time}, limit_{limit} {}

  /// Waits for the answer to a request that was made without a time limit (`caf::infinite`): `then(const Answer&)` when
  /// it comes in time, else `failed` with what went wrong, once. A late answer is dropped.
  template <class Answer, class Response, class Then> void await(Response response, Then then, failure_handler failed) {
    const auto number = ++last_;
    waiting_.emplace(number, waiting{time_.steady() + limit_, std::move(failed)});
    remind(limit_);
    std::move(response).then(
        [this, number, then = std::move(then)](const Answer& answer) mutable {
          if (waiting_.erase(number) > 0) then(answer);
        },
        [this, number](const caf::error& why) {
          const auto found = waiting_.find(number);
          if (found == waiting_.end()) return;
          const auto handle = std::move(found->second.failed);
          waiting_.erase(found);
          handle(from_caf(why));
        });
  }

  /// Fails what has waited for too long.
  void expire() {
    is_reminded_ = false;
    const auto now = time_.steady();
    std::vector<failure_handler> late;
    // Limits are of one length, so the oldest is the first to be due.
    while (!waiting_.empty() && waiting_.begin()->second.due <= now)
      late.push_back(std::move(waiting_.extract(waiting_.begin()).mapped().failed));
    if (!waiting_.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(waiting_.begin()->second.due - now);
      remind(left);
    }
    for (const auto& handle : late) handle(error{errc::timeout, "no answer in time", {}, {}});
  }

private:
  struct waiting {
    instant due;
    failure_handler failed;
  };

  void remind(std::chrono::milliseconds in) {
    if (!std::exchange(is_reminded_, true)) self_->delayed_send(self_, in, look_at_deadlines{});
  }

  caf::event_based_actor* self_;
  const clock& time_;
  std::chrono::milliseconds limit_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, waiting> waiting_;
  bool is_reminded_ = false;
};

} // namespace parley::actors
