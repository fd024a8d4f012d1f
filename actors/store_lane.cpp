#include "actors/store_lane.hpp"

#include <vector>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <spdlog/spdlog.h>

#include "actors/failure.hpp"
#include "actors/messages.hpp"

namespace parley::actors {

namespace {

struct commit_now {};

struct lane_state {
  std::vector<conversation_write> writes;
  std::vector<caf::typed_response_promise<write_outcome>> answers;
  std::size_t entries = 0;
  bool scheduled = false;
};

} // namespace

} // namespace parley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::commit_now)

namespace parley::actors {

namespace {

using lane_actor = caf::stateful_actor<lane_state>;

void commit(lane_state& state, log_store& log, store_lane::load& load) {
  const auto writes = std::exchange(state.writes, {});
  auto answers = std::exchange(state.answers, {});
  const auto entries = std::exchange(state.entries, 0);
  auto outcomes = log.write(writes);
  load.entries.fetch_sub(entries, std::memory_order_relaxed);
  const auto was_failing = load.is_failing.load();

  auto failed = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (outcomes[i]) {
      answers[i].deliver(std::move(*outcomes[i]));
    } else {
      if (!failed && !was_failing) spdlog::error("the log cannot be written: {}", outcomes[i].error().detail);
      failed = true;
      answers[i].deliver(to_caf(outcomes[i].error()));
    }
  }
  if (was_failing && !failed) spdlog::info("the log can be written again");
  load.is_failing = failed;
}

caf::behavior lane(lane_actor* self, std::shared_ptr<log_store> log, std::shared_ptr<store_lane::load> load,
                   std::size_t batch_max) {
  guard_against_defects(self, "store_lane");
  return {
      [=](write_log& order) -> caf::result<write_outcome> {
        auto& state = self->state;
        auto answer = self->make_response_promise<write_outcome>();
        state.entries += order.what.entries.size();
        state.writes.push_back(std::move(order.what));
        state.answers.push_back(answer);
        if (state.entries >= batch_max) {
          commit(state, *log, *load);
        } else if (!std::exchange(state.scheduled, true)) {
          // Behind everything that queued while the last commit ran.
          self->send(self, commit_now{});
        }
        return answer;
      },
      [=](commit_now) {
        self->state.scheduled = false;
        if (!self->state.writes.empty()) commit(self->state, *log, *load);
      },
  };
}

} // namespace

store_lane::store_lane(caf::actor_system& system, std::shared_ptr<log_store> log, std::size_t batch_max,
                       thread_use thread)
    : load_{std::make_shared<load>()},
      actor_{thread == thread_use::own ? system.spawn<caf::detached>(lane, std::move(log), load_, batch_max)
                                       : system.spawn(lane, std::move(log), load_, batch_max)} {}

} // namespace parley::actors
