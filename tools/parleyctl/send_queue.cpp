#include "tools/parleyctl/send_queue.hpp"

#include <utility>

#include <parley/uuid.hpp>

namespace parley::ctl {

void send_queue::post(std::string text) { waiting_.push_back({to_string(random_uuid()), std::move(text)}); }

const waiting_message* send_queue::start() {
  if (under_way_ || repeat_at_ || waiting_.empty()) return nullptr;
  under_way_ = true;
  return &waiting_.front();
}

waiting_message send_queue::finish() {
  under_way_ = false;
  auto message = std::move(waiting_.front());
  waiting_.pop_front();
  return message;
}

void send_queue::repeat(instant at) {
  under_way_ = false;
  repeat_at_ = at;
}

void send_queue::resume(instant now) {
  if (repeat_at_ && now >= *repeat_at_) repeat_at_.reset();
}

void send_queue::interrupt() {
  under_way_ = false;
  repeat_at_.reset();
}

} // namespace parley::ctl
