#include "tools/parleyload/message_window.hpp"

#include <algorithm>
#include <bit>

namespace parley::load {

namespace {

constexpr std::size_t ring_min = 64;

} // namespace

message_window::message_window(std::size_t width) : ring_(std::bit_ceil(std::max(ring_min, 2 * width))) {}

bool message_window::has_room(std::size_t width) const { return open_ < width && next_ - first_open_ < ring_.size(); }

std::uint64_t message_window::open(instant born) {
  ring_[next_ % ring_.size()] = {.born = born};
  ++open_;
  return next_++;
}

message_window::message* message_window::find(std::uint64_t number) {
  if (number < first_open_ || number >= next_) return nullptr;
  return &ring_[number % ring_.size()];
}

void message_window::count_done() {
  --open_;
  while (first_open_ < next_ && !at(first_open_).is_open()) ++first_open_;
}

std::size_t message_window::count_open(bool acknowledged) const {
  std::size_t count = 0;
  for (auto number = first_open_; number < next_; ++number)
    if (at(number).is_open() && (at(number).acked != 0) == acknowledged) ++count;
  return count;
}

} // namespace parley::load
