/// The messages of one pair that are under way, by number: all that is remembered, however long a run lasts.
///
///     done and forgotten ... | first_open_ ... open and done ... | next_ ...
///                            `------- at most the ring's size ---'

#pragma once

#include <cstddef>
#include <vector>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley::load {

class message_window {
public:
  /// Open until it is acknowledged and received, or refused for good.
  struct message {
    instant born{};
    seq_no acked = 0, received = 0;
    std::int64_t acked_ts = 0, received_ts = 0;
    bool refused = false;
    bool repeated = false; // was refused once, so its place among the others is free

    [[nodiscard]] bool is_open() const { return !refused && (acked == 0 || received == 0); }
  };

  /// Keeps at least `width` open messages; twice as many when the oldest is slow.
  explicit message_window(std::size_t width);

  /// Whether fewer than `width` messages are open and there is room to remember another.
  [[nodiscard]] bool has_room(std::size_t width) const;
  /// Begins the next message and gives its number. Only when there is room.
  std::uint64_t open(instant born);
  /// Nothing when it was never begun, or is done and forgotten. Valid until the next `open`.
  [[nodiscard]] message* find(std::uint64_t number);
  /// To be called for each message that is not open any more, once.
  void count_done();

  /// The number that comes next; so many messages were begun.
  [[nodiscard]] std::uint64_t next() const { return next_; }
  [[nodiscard]] std::size_t open_count() const { return open_; }
  /// Open messages by whether they are acknowledged.
  [[nodiscard]] std::size_t count_open(bool acknowledged) const;

private:
  [[nodiscard]] const message& at(std::uint64_t number) const { return ring_[number % ring_.size()]; }

  std::vector<message> ring_;
  std::uint64_t first_open_ = 0, next_ = 0;
  std::size_t open_ = 0;
};

} // namespace parley::load
