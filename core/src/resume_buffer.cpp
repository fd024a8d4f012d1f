#include <parley/resume_buffer.hpp>

#include <algorithm>
#include <utility>

namespace parley {

void resume_buffer::keep(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  add({std::move(open_frame), s, false});
}

void resume_buffer::withhold(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  // Nobody can go on from there any more.
  if (s < floor_) return;
  add({std::move(open_frame), s, true});
}

void resume_buffer::raise_floor(std::uint64_t s) {
  for (auto& push : take_after(s)) add(std::move(push));
}

std::vector<resume_buffer::kept_push> resume_buffer::take_after(std::uint64_t s) {
  std::vector<kept_push> missed;
  for (auto at = first_; at < pushes_.size(); ++at)
    if (auto& push = pushes_[at]; push.s > s || (push.withheld && push.s == s)) missed.push_back(std::move(push));
  floor_ = std::max(floor_, s);
  bytes_ = 0;
  pushes_ = {};
  first_ = 0;
  return missed;
}

void resume_buffer::add(kept_push push) {
  bytes_ += push.open_frame->size();
  pushes_.push_back(std::move(push));
  while (pushes_.size() - first_ > limits_.pushes_max || bytes_ > limits_.bytes_max) drop_oldest();
}

void resume_buffer::drop_oldest() {
  const auto oldest = std::move(pushes_[first_++]);
  bytes_ -= oldest.open_frame->size();
  floor_ = std::max(floor_, oldest.withheld ? oldest.s + 1 : oldest.s);
  // Moved together when half is gone, so each is moved once in the long run.
  if (first_ * 2 > pushes_.size()) {
    pushes_.erase(pushes_.begin(), pushes_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

} // namespace parley
