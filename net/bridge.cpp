#include "net/bridge.hpp"

#include <algorithm>
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
    auto& kept = overflows_.edit()[item->conversation];
    // The first is kept too: it may be the one that makes the reader a member, where its conversation begins.
    if (item->begins_push) kept.first = kept.newest = nullptr;
    if (!kept.first)
      kept.first = std::move(item);
    else if (!kept.newest || kept.newest->seq < item->seq)
      kept.newest = std::move(item);
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

void bridge::ephemeral(std::shared_ptr<const std::string> frame) {
  const std::lock_guard guard{lock_};
  if (!wake_ || pushes_ >= pushes_max_) return;
  ++pushes_;
  waiting_.emplace_back(ephemeral_pushed{std::move(frame)});
  wake_once();
}

void bridge::hint(conversation_id conversation, seq_no head) {
  const std::lock_guard guard{lock_};
  if (!wake_) return;
  if (pushes_ < pushes_max_) {
    ++pushes_;
    waiting_.emplace_back(pull_changed{conversation, head});
  } else {
    auto& kept = overflows_.edit()[conversation];
    kept.head = std::max(kept.head, head);
  }
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
  for (auto& [conversation, kept] : overflows_.take()) {
    if (kept.head != 0) taken.emplace_back(pull_changed{conversation, kept.head});
    if (kept.first) taken.emplace_back(entry_pushed{std::move(kept.first)});
    if (kept.newest) taken.emplace_back(entry_pushed{std::move(kept.newest)});
  }
  pushes_ = 0;
  woken_ = false;
  return taken;
}

void bridge::rewire(std::function<void()> wake) {
  const std::lock_guard guard{lock_};
  if (!wake_) return;
  wake_ = std::move(wake);
  woken_ = false;
  if (!waiting_.empty() || !overflows_.get().empty()) wake_once();
}

void bridge::cut() {
  std::vector<arrival> unread;
  decltype(overflows_) unread_entries;
  const std::lock_guard guard{lock_};
  wake_ = nullptr;
  unread.swap(waiting_);
  std::swap(unread_entries, overflows_);
}

} // namespace parley::net
