#include "cluster/link/outbox.hpp"

#include <utility>

namespace parley::cluster::link {

outbox::outbox(outbox_limits limits) : limits_{limits} {}

push_outcome outbox::push(std::string envelope) {
  if (envelope.size() > limits_.envelope_bytes_max) return push_outcome::too_large;
  const std::scoped_lock lock{mutex_};
  if (is_closed_) return push_outcome::closed;
  if (held_.envelopes >= limits_.envelopes_max || held_.bytes + envelope.size() > limits_.bytes_max)
    return push_outcome::full;
  ++held_.envelopes;
  held_.bytes += envelope.size();
  waiting_.push_back(std::move(envelope));
  return std::exchange(is_attended_, true) ? push_outcome::queued : push_outcome::queued_first;
}

bool outbox::may_take(const batch_frame& batch) const {
  if (waiting_.empty()) return false;
  const auto size = waiting_.front().size();
  if (sent_.envelopes >= limits_.window_envelopes || sent_.bytes + size > limits_.window_bytes) return false;
  if (batch.envelopes.empty()) return true;
  return batch.envelopes.size() < limits_.batch_envelopes_max && batch.bytes + size <= limits_.batch_bytes_max;
}

batch_frame outbox::take() {
  const std::scoped_lock lock{mutex_};
  batch_frame batch;
  while (may_take(batch)) {
    const auto size = waiting_.front().size();
    batch.envelopes.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    batch.bytes += size;
    ++sent_.envelopes;
    sent_.bytes += size;
  }
  // With something waiting behind a full window the next acknowledgement comes back here.
  if (waiting_.empty() && batch.envelopes.empty()) is_attended_ = false;
  return batch;
}

bool outbox::acknowledge(std::size_t envelopes, std::size_t bytes) {
  const std::scoped_lock lock{mutex_};
  if (envelopes > sent_.envelopes || bytes > sent_.bytes) return false;
  sent_.envelopes -= envelopes;
  sent_.bytes -= bytes;
  held_.envelopes -= envelopes;
  held_.bytes -= bytes;
  return true;
}

void outbox::close() {
  const std::scoped_lock lock{mutex_};
  is_closed_ = true;
  waiting_.clear();
  held_ = {};
  sent_ = {};
}

outbox::amount outbox::held() const {
  const std::scoped_lock lock{mutex_};
  return held_;
}

} // namespace parley::cluster::link
