#include "actors/store_lane.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include <parley/log_lane.hpp>

#include "actors/failure.hpp"
#include "actors/messages.hpp"

namespace parley::actors {

namespace {

struct go_on {};

/// A failure says nothing about the database any more after this.
constexpr std::chrono::seconds failure_lasts{10};

using write_answer = caf::typed_response_promise<write_outcome>;

/// What a write counts for in a batch; moved positions are work too.
std::size_t weight_of(const conversation_write& write) { return std::max<std::size_t>(1, write.entries.size()); }

/// What is behind the actor: its queue and the lane of the store.
class writer {
public:
  writer(std::shared_ptr<log_store> log, std::size_t number, std::shared_ptr<store_lane::load> load,
         std::size_t batch_max)
      : log_{std::move(log)}, lane_{log_->open_lane(number)}, load_{std::move(load)}, batch_max_{batch_max} {}

  void add(conversation_write what, write_answer answer) {
    queued_ += weight_of(what);
    queue_.push_back({std::move(what), std::move(answer)});
  }

  /// One turn; blocks for the oldest batch unless there may be more to set off first. True: there is more to do, behind
  /// everything that has arrived meanwhile.
  bool turn() {
    auto has_put = false;
    while (is_worth_a_batch()) {
      if (!put()) break;
      has_put = true;
    }
    // The database has its next work by now; nothing is lost by the time that the answers take.
    deliver();
    if (under_way_.empty()) return false;
    if (!has_put || under_way_.size() == lane_->depth()) take();
    return true;
  }

private:
  struct waiting_write {
    conversation_write what;
    write_answer answer;
  };
  struct sent_batch {
    std::vector<write_answer> answers;
    std::set<conversation_id> conversations;
    std::size_t entries = 0;
  };

  /// A second batch is executed after the first one in any case, so a small one gains nothing by being early: it would
  /// only miss what arrives until then.
  [[nodiscard]] bool is_worth_a_batch() const {
    if (queue_.empty() || under_way_.size() == lane_->depth()) return false;
    return under_way_.empty() || queued_ >= batch_max_ / 4;
  }

  /// False: nothing of the queue can go now.
  bool put() {
    std::vector<conversation_write> writes;
    sent_batch sent;
    std::deque<waiting_write> left;
    std::set<conversation_id> held;
    std::size_t weight = 0;
    for (auto& one : queue_) {
      const auto& id = one.what.conversation;
      const auto own = weight_of(one.what);
      const auto is_full = weight > 0 && weight + own > batch_max_;
      if (is_full || held.contains(id) || is_under_way(id)) {
        // Nothing of a conversation overtakes what it sent before.
        held.insert(id);
        left.push_back(std::move(one));
        continue;
      }
      weight += own;
      sent.entries += one.what.entries.size();
      sent.conversations.insert(id);
      sent.answers.push_back(std::move(one.answer));
      writes.push_back(std::move(one.what));
    }
    queue_ = std::move(left);
    queued_ -= weight;
    if (writes.empty()) return false;
    lane_->put(std::move(writes));
    under_way_.push_back(std::move(sent));
    return true;
  }

  [[nodiscard]] bool is_under_way(const conversation_id& id) const {
    return std::ranges::any_of(under_way_, [&](const sent_batch& one) { return one.conversations.contains(id); });
  }

  void take() {
    done_ = lane_->take();
    answered_ = std::move(under_way_.front());
    under_way_.pop_front();
    load_->entries.fetch_sub(answered_.entries, std::memory_order_relaxed);
    note_failures();
  }

  void note_failures() {
    const auto was_failing = load_->failing_until != 0;
    const auto failed = std::ranges::find_if(done_, [](const auto& one) { return !one; });
    const auto is_failing = failed != done_.end();
    if (is_failing && !was_failing) spdlog::error("the log cannot be written: {}", failed->error().detail);
    if (was_failing && !is_failing) spdlog::info("the log can be written again");
    load_->failing_until =
        is_failing ? (std::chrono::steady_clock::now() + failure_lasts).time_since_epoch().count() : 0;
  }

  void deliver() {
    const auto done = std::exchange(done_, {});
    for (std::size_t i = 0; i < done.size(); ++i) {
      auto& answer = answered_.answers[i];
      done[i] ? answer.deliver(*done[i]) : answer.deliver(to_caf(done[i].error()));
    }
    answered_ = {};
  }

  // The lane uses the store to its end.
  std::shared_ptr<log_store> log_;
  std::unique_ptr<log_lane> lane_;
  std::shared_ptr<store_lane::load> load_;
  std::size_t batch_max_;
  std::deque<waiting_write> queue_;
  std::size_t queued_ = 0;
  std::deque<sent_batch> under_way_;
  /// Taken and not yet delivered.
  std::vector<result<write_outcome>> done_;
  sent_batch answered_;
};

struct lane_state {
  std::optional<writer> work;
  bool scheduled = false;
};

} // namespace

} // namespace parley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::go_on)

namespace parley::actors {

namespace {

using lane_actor = caf::stateful_actor<lane_state>;

/// Behind everything that is in the mailbox now: that belongs to the next batch.
void schedule(lane_actor* self) {
  if (!std::exchange(self->state.scheduled, true)) self->send(self, go_on{});
}

caf::behavior lane(lane_actor* self, const std::shared_ptr<log_store>& log, std::size_t number,
                   const std::shared_ptr<store_lane::load>& load, std::size_t batch_max) {
  guard_against_defects(self, "store_lane");
  self->state.work.emplace(log, number, load, batch_max);
  return {
      [self](write_log& order) -> caf::result<write_outcome> {
        auto answer = self->make_response_promise<write_outcome>();
        self->state.work->add(std::move(order.what), answer);
        schedule(self);
        return answer;
      },
      [self](go_on) {
        self->state.scheduled = false;
        if (self->state.work->turn()) schedule(self);
      },
  };
}

} // namespace

store_lane::store_lane(caf::actor_system& system, std::shared_ptr<log_store> log, std::size_t number,
                       std::size_t batch_max, thread_use thread)
    : load_{std::make_shared<load>()},
      actor_{thread == thread_use::own ? system.spawn<caf::detached>(lane, std::move(log), number, load_, batch_max)
                                       : system.spawn(lane, std::move(log), number, load_, batch_max)} {}

std::vector<store_lane> open_lanes(caf::actor_system& system, const std::shared_ptr<log_store>& log,
                                   thread_use thread) {
  std::vector<store_lane> lanes;
  for (std::size_t number = 0; number < log->lanes(); ++number) lanes.emplace_back(system, log, number, 256, thread);
  return lanes;
}

} // namespace parley::actors
