/// Frames waiting for one reader. Lives on the thread of its socket, so it needs no lock.
///
/// Entries stop at the bound (the session then lags); replies always fit, since the requests in flight bound them. So
/// memory per reader is at most the bound and the answers to `in_flight` requests.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace parley::net {

struct outbox_limits {
  std::size_t frames_max = 1'024;
  std::size_t bytes_max = 1'048'576;
};

/// A frame on its way out: shared bytes, and the suffix that makes it one session's own (may be empty).
struct outgoing_frame {
  std::shared_ptr<const std::string> body;
  std::string suffix;

  [[nodiscard]] std::size_t size() const { return body->size() + suffix.size(); }
};

class outbox {
public:
  explicit outbox(outbox_limits limits) : limits_{limits} {}

  void push(outgoing_frame frame);
  /// The oldest frame; stays where it is until `pop`. The box must not be empty.
  [[nodiscard]] const outgoing_frame& front() const { return frames_.front(); }
  void pop();
  void clear();

  [[nodiscard]] bool is_empty() const { return frames_.empty(); }
  [[nodiscard]] bool is_full() const { return frames_.size() >= limits_.frames_max || bytes_ >= limits_.bytes_max; }

private:
  outbox_limits limits_;
  std::size_t bytes_ = 0;
  std::deque<outgoing_frame> frames_;
};

} // namespace parley::net
