#include "net/outbox.hpp"

#include <utility>

namespace parley::net {

void outbox::push(outgoing_frame frame) {
  bytes_ += frame.size();
  frames_.push_back(std::move(frame));
}

void outbox::pop() {
  bytes_ -= frames_.front().size();
  frames_.pop_front();
}

void outbox::clear() {
  frames_.clear();
  bytes_ = 0;
}

} // namespace parley::net
