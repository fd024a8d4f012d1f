#include "cluster/membership/driver.hpp"

#include <utility>

namespace parley::cluster {

membership_driver::membership_driver(node_identity self, membership_limits limits, std::shared_ptr<node_store> store,
                                     std::shared_ptr<const clock> clock, membership_events events)
    : store_{std::move(store)},
      clock_{std::move(clock)},
      events_{std::move(events)},
      state_{std::move(self), limits, clock_->steady()},
      decider_{[this] { decide(); }},
      asker_{[this] { ask(); }} {}

membership_driver::~membership_driver() { stop(); }

template <class Note> auto membership_driver::note(Note note) {
  const std::scoped_lock lock{mutex_};
  is_woken_ = true;
  woken_.notify_one();
  return note();
}

void membership_driver::note_version(std::uint64_t version) {
  note([&] { state_.note_version(version); });
}

void membership_driver::note_failure(const node_id& peer, connection_failure how) {
  note([&] { state_.note_failure(peer, how, clock_->steady()); });
}

void membership_driver::note_connected(const node_id& peer) {
  note([&] { state_.note_connected(peer); });
}

void membership_driver::set_ready() {
  note([&] { state_.set_ready(); });
}

bool membership_driver::drain(const node_id& node) {
  return note([&] { return state_.drain(node); });
}

void membership_driver::wake() {
  note([] {});
}

cluster_view membership_driver::view() const {
  const std::scoped_lock lock{mutex_};
  return state_.view();
}

bool membership_driver::may_own() const {
  const std::scoped_lock lock{mutex_};
  return state_.may_own(clock_->steady());
}

bool membership_driver::leave(std::chrono::milliseconds at_most) {
  note([&] { state_.leave(); });
  std::unique_lock lock{mutex_};
  return ended_.wait_for(lock, at_most, [&] { return state_.end().has_value(); });
}

void membership_driver::stop() {
  {
    const std::scoped_lock lock{mutex_};
    is_stopping_ = true;
    woken_.notify_one();
    asking_.notify_one();
  }
  if (decider_.joinable()) decider_.join();
  if (asker_.joinable()) asker_.join();
}

void membership_driver::decide() {
  std::unique_lock lock{mutex_};
  while (!is_stopping_) {
    is_woken_ = false;
    take_answer();
    if (auto request = state_.next(clock_->steady())) {
      request_ = std::move(request);
      asking_.notify_one();
    }
    tell(lock);
    rest(lock);
  }
}

void membership_driver::take_answer() {
  if (!answer_) return;
  const auto answer = *std::exchange(answer_, std::nullopt);
  const auto now = clock_->steady();
  if (const auto* view = std::get_if<result<cluster_view>>(&answer))
    state_.view_read(*view, now);
  else if (const auto* report = std::get_if<result<beat_report>>(&answer))
    state_.beat_answered(*report, now);
  else
    state_.change_answered(std::get<result<void>>(answer), now);
}

void membership_driver::tell(std::unique_lock<std::mutex>& lock) {
  const auto owns = state_.may_own(clock_->steady());
  const auto loses = told_owning_ && !owns;
  const auto ends = state_.end() && !told_end_;
  std::optional<cluster_view> fresh;
  if (owns && (!told_owning_ || state_.view().version != told_version_)) fresh = state_.view();
  told_owning_ = owns;
  if (fresh) told_version_ = fresh->version;
  if (ends) {
    told_end_ = true;
    ended_.notify_all();
  }
  const auto end = state_.end();
  if (!loses && !fresh && !ends) return;
  lock.unlock();
  if (loses && events_.on_unowned) events_.on_unowned();
  if (fresh && events_.on_view) events_.on_view(*fresh);
  if (ends && events_.on_end) events_.on_end(*end);
  lock.lock();
}

void membership_driver::rest(std::unique_lock<std::mutex>& lock) {
  const auto has_news = [&] { return is_stopping_ || is_woken_ || answer_.has_value(); };
  const auto now = clock_->steady();
  if (const auto at = state_.wake_at(now))
    woken_.wait_for(lock, *at - now, has_news);
  else
    woken_.wait(lock, has_news);
}

void membership_driver::ask() {
  std::unique_lock lock{mutex_};
  for (;;) {
    asking_.wait(lock, [&] { return is_stopping_ || request_.has_value(); });
    if (is_stopping_) return;
    const auto request = *std::exchange(request_, std::nullopt);
    lock.unlock();
    auto answer = answer_to(request);
    lock.lock();
    answer_ = std::move(answer);
    woken_.notify_one();
  }
}

membership_driver::store_answer membership_driver::answer_to(const store_request& request) {
  if (std::holds_alternative<ask_view>(request)) return store_->read();
  if (const auto* beat = std::get_if<ask_beat>(&request)) return store_->beat(beat->node, beat->incarnation);
  return store_->change(std::get<view_change>(request));
}

} // namespace parley::cluster
