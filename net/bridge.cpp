#include "net/bridge.hpp"

#include <utility>

namespace parley::net {

bridge::bridge(std::size_t pushes_max, std::function<void()> wake) : pushes_max_{pushes_max}, wake_{std::move(wake)} {}

void bridge::push(live_entry_ptr item) {
  const std::lock_guard guard{lock_};
  if (!wake_) return;
  if (pushes_ < pushes_max_) {
    ++pushes_;
    waiting_.emplace_back(entry_pushed{std::move(item)});
  } else {
    auto& [first, newest] = overflows_[item->conversation];
    // The first is kept too: it may be the one that makes the reader a member, where its conversation begins.
    if (!first)
      first = std::move(item);
    else if (!newest || newest->seq < item->seq)
      newest = std::move(item);
  }
  wake_once();
}

void bridge::event(std::shared_ptr<const std::string> open_frame) {
  const std::lock_guard guard{lock_};
  if (!wake_ || pushes_ >= pushes_max_) return;
  ++pushes_;
  waiting_.emplace_back(event_pushed{std::move(open_frame)});
  wake_once();
}

void bridge::add(arrival what) {
  const std::lock_guard guard{lock_};
  if (!wake_) return;
  waiting_.push_back(std::move(what));
  wake_once();
}

void bridge::wake_once() {
  if (!std::exchange(woken_, true)) wake_();
}

std::vector<arrival> bridge::take() {
  const std::lock_guard guard{lock_};
  auto taken = std::exchange(waiting_, {});
  for (auto& [_, kept] : std::exchange(overflows_, {})) {
    taken.emplace_back(entry_pushed{std::move(kept.first)});
    if (kept.newest) taken.emplace_back(entry_pushed{std::move(kept.newest)});
  }
  pushes_ = 0;
  woken_ = false;
  return taken;
}

void bridge::cut() {
  std::vector<arrival> unread;
  decltype(overflows_) unread_entries;
  const std::lock_guard guard{lock_};
  wake_ = nullptr;
  unread.swap(waiting_);
  unread_entries.swap(overflows_);
}

} // namespace parley::net
