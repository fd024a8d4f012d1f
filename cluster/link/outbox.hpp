/// Envelopes for one peer: those that wait to be sent, and the count of those that were sent and not acknowledged.
/// Lives as long as one link. Any thread; nothing waits.

#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

#include "cluster/link/frames.hpp"

namespace parley::cluster::link {

struct outbox_limits {
  /// Waiting and unacknowledged together.
  std::size_t envelopes_max = 0;
  std::size_t bytes_max = 0;
  std::size_t envelope_bytes_max = 0;
  /// Unacknowledged: what the peer takes.
  std::size_t window_envelopes = 0;
  std::size_t window_bytes = 0;
  std::size_t batch_envelopes_max = 0;
  std::size_t batch_bytes_max = 0;
};

enum class push_outcome {
  queued,
  /// Queued, and nobody is on the way to send it: say so to the one who calls `take`.
  queued_first,
  full,
  too_large,
  closed,
};

class outbox {
public:
  explicit outbox(outbox_limits limits);

  [[nodiscard]] push_outcome push(std::string envelope);

  /// The next batch; empty when nothing waits or the window is full. What it holds is unacknowledged from now on.
  [[nodiscard]] batch_frame take();

  /// False: more was acknowledged than was sent.
  [[nodiscard]] bool acknowledge(std::size_t envelopes, std::size_t bytes);

  /// Drops all.
  void close();

  struct amount {
    std::size_t envelopes = 0;
    std::size_t bytes = 0;
  };
  /// Waiting and unacknowledged.
  [[nodiscard]] amount held() const;

private:
  [[nodiscard]] bool may_take(const batch_frame& batch) const;

  const outbox_limits limits_;
  mutable std::mutex mutex_;
  std::deque<std::string> waiting_;
  amount held_;
  amount sent_;
  bool is_closed_ = false;
  /// Somebody was told to `take`, or will be by an acknowledgement.
  bool is_attended_ = false;
};

} // namespace parley::cluster::link
