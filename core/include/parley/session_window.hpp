/// The outgoing side of a session: which frames one device is sent, in which order.
///
/// Whatever happens around it (replay, live pushes, lag, holes), the device is pushed the entries of a conversation in
/// `seq` order and without holes; each push carries the session's counter `s`. An entry that cannot be sent yet waits
/// here (bounded), and what is missing is asked of the log through `session_output::need`.
///
/// Not thread-safe: lives on the thread of its connection. No clock, no socket: time and room are the output's.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parley/live_entry.hpp>

namespace parley {

/// Where a window's frames go, and whom it asks.
class session_output {
public:
  virtual ~session_output() = default;

  /// The queue towards the device is at its bound: no further entry may be put.
  [[nodiscard]] virtual bool full() const = 0;
  /// So much waits that a replay stops for a while, and what is live finds room; at the latest when the queue is full.
  [[nodiscard]] virtual bool busy() const { return full(); }
  /// Queues a frame that is complete. Always succeeds: replies are bounded by the requests in flight.
  virtual void put(std::string frame) = 0;
  /// Queues an open frame, shared with other sessions, and the counter that closes it.
  virtual void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) = 0;
  /// Asks for the entries behind `after`; they come back through `fill`.
  virtual void need(const conversation_id& conversation, seq_no after) = 0;
};

class session_window {
public:
  session_window(session_id session, user_id user, session_output& output);

  /// An entry was committed.
  void push(const live_entry_ptr& item);
  /// Something durable that is no entry: a receipt. `open_frame` is shared by all its readers.
  void event(std::shared_ptr<const std::string> open_frame);
  /// The request of this session was written; the push of that entry may come before or after.
  void acknowledge(const acknowledgement& ack);
  /// Any other answer.
  void reply(std::string frame);

  /// What the device missed of one conversation: `items` end at `head`. A gap before them is announced. Who reads is
  /// replayed everything: what finds no room waits here for it.
  void replay(const conversation_id& conversation, seq_no cursor, const std::vector<live_entry_ptr>& items,
              seq_no head);
  /// All conversations are replayed: says so and goes live.
  void end_replay(std::string synced);

  /// The answer to `need`: entries in ascending order, none if there is nothing behind. What is left out before the
  /// first of them is not for this device.
  void fill(const conversation_id& conversation, const std::vector<live_entry_ptr>& items);

  /// The device was shown the log up to `head`, its end: if it lagged in this conversation, it is live again behind
  /// that.
  void shown(const conversation_id& conversation, seq_no head);
  /// The queue has room again.
  void drained();

  [[nodiscard]] std::uint64_t last_s() const { return s_; }
  [[nodiscard]] bool is_lagging() const { return lagging_ > 0; }

private:
  enum class phase : std::uint8_t {
    /// Pushes go out as they come.
    live,
    /// Something before them is being read from the log; they wait.
    filling,
    /// They are dropped until the device has read the log itself.
    lagging,
  };

  /// A part of the replay, the first `sent` items of it written.
  struct missed {
    conversation_id conversation;
    seq_no cursor = 0;
    std::vector<live_entry_ptr> items;
    seq_no head = 0;
    std::size_t sent = 0;
  };

  /// One conversation of the session.
  struct line {
    /// The next seq to send.
    seq_no next = 0;
    /// The highest seq heard of.
    seq_no heard = 0;
    phase now = phase::live;
    /// Entries that wait for a hole before them; ascending.
    std::vector<live_entry_ptr> held;
  };

  /// Goes on with the replay as far as there is room; at its end goes live.
  void replay_on();
  /// Whether all of `what` is written.
  [[nodiscard]] bool replay_all(missed& what);
  void hold(line& where, const live_entry_ptr& item);
  /// Sends `item`, the next of its line, or makes the line lag.
  void emit(line& where, const live_entry_ptr& item);
  /// Sends what waits and follows; asks the log for what is still missing.
  void settle(const conversation_id& conversation, line& where);
  void lag(const conversation_id& conversation, line& where);
  void say_lag();
  /// An entry that this session asked for and was acknowledged.
  struct own_entry {
    conversation_id conversation;
    seq_no seq = 0;
    /// The push is wanted beside the acknowledgement; known when the push comes.
    bool echo = true;
  };

  own_entry* find_own(const conversation_id& conversation, seq_no seq);
  /// The push of an own entry and the answer to its request both come here; the first one writes the acknowledgement.
  own_entry& acknowledge_once(const acknowledgement& ack);

  session_id session_;
  user_id user_;
  session_output& output_;
  std::uint64_t s_ = 0;
  bool replaying_ = true;
  std::deque<missed> missed_;
  /// Said when all of it is replayed; absent: more may come.
  std::optional<std::string> synced_;
  std::size_t lagging_ = 0;
  std::unordered_map<conversation_id, line> lines_;
  std::vector<conversation_id> lag_unsaid_;
  /// The latest ones; bounded.
  std::vector<own_entry> own_;
};

} // namespace parley
