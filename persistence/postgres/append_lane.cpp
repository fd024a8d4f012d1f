#include "persistence/postgres/append_lane.hpp"

#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

namespace parley::persistence::postgres {

using std::chrono::steady_clock;

namespace {

template <class... Fs> struct overloaded : Fs... { using Fs::operator()...; };
template <class... Fs> overloaded(Fs...) -> overloaded<Fs...>;

} // namespace

append_lane::append_lane(append_connection_options options) : options_{options}, connection_{std::move(options)} {}

void append_lane::put(std::vector<conversation_write> writes) {
  // With nothing under way a dead connection is no loss, if it is noticed before something is sent.
  if (planner_.steps_under_way() == 0) connection_.look_alive();
  planner_.put(std::move(writes));
  send_steps();
}

std::vector<result<write_outcome>> append_lane::take() {
  while (!planner_.is_answered()) {
    send_steps();
    if (!planner_.is_answered()) receive_answer();
  }
  return planner_.take();
}

void append_lane::send_steps() {
  if (!make_connection()) return planner_.on_unreachable(why_);
  while (const auto step = planner_.next()) connection_.send(*step);
}

void append_lane::receive_answer() {
  auto answer = connection_.receive();
  if (auto* lost = std::get_if<connection_lost>(&answer)) {
    spdlog::warn("a lane lost its connection to PostgreSQL: {}", lost->detail);
    note_failure(std::move(lost->detail));
    planner_.on_connection_lost();
    if (!lost_) lost_ = steady_clock::now();
    return;
  }
  back_off_.note_success();
  lost_.reset();
  std::visit(overloaded{[&](const step_written&) { planner_.on_written(); },
                        [&](step_found& found) { planner_.on_found(std::move(found.how)); },
                        [&](const step_refused& refused) { planner_.on_refused(refused.why, refused.detail); },
                        [](const connection_lost&) {}},
             answer);
}

bool append_lane::make_connection() {
  if (connection_.is_open()) return true;
  const auto patience = lost_ ? *lost_ + options_.connect_timeout : steady_clock::now();
  while (true) {
    if (const auto next = back_off_.next_attempt(); next > steady_clock::now()) {
      if (next >= patience) break;
      std::this_thread::sleep_until(next);
    }
    const auto opened = connection_.open(options_.connect_timeout);
    if (opened) return true;
    note_failure(opened.error().detail);
  }
  lost_.reset();
  return false;
}

void append_lane::note_failure(std::string why) {
  why_ = std::move(why);
  back_off_.note_failure();
}

std::vector<result<write_outcome>> write_batch(log_lane& lane, std::vector<conversation_write> writes) {
  lane.put(std::move(writes));
  return lane.take();
}

} // namespace parley::persistence::postgres
