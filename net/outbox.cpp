#include "net/outbox.hpp"

#include <utility>

namespace parley::net {

void outbox::push(outgoing_frame frame) {
  bytes_ += frame.size();
  frames_.push_back(std::move(frame));
}

outgoing_frame outbox::pop() {
  auto oldest = std::move(frames_[first_++]);
  bytes_ -= oldest.size();
  if (first_ == frames_.size()) {
    frames_ = {};
    first_ = 0;
  } else if (first_ * 2 > frames_.size()) {
    // Moved together when half is gone, so each frame is moved once in the long run.
    frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  return oldest;
}

void outbox::keep_first(std::size_t count) {
  while (frames_.size() - first_ > count) {
    bytes_ -= frames_.back().size();
    frames_.pop_back();
  }
  if (!is_empty()) return;
  frames_ = {};
  first_ = 0;
}

} // namespace parley::net
