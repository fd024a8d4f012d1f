/// The outgoing side of a session: which frames one device is sent, in which order.
///
/// Whatever happens around it (replay, live pushes, lag, holes), the device is pushed the entries of a conversation in
/// `seq` order and without holes; each push carries the session's counter `s`. An entry that cannot be sent yet waits
/// here (bounded), and what is missing is asked of the log through `session_output::need`.
///
/// Without a transport (`detach` to `resume`) pushes are numbered and kept as ever, the latest of them; everything that
/// carries no `s` is dropped, but for hints, which wait.
///
/// Not thread-safe: lives on the thread of its connection. No clock, no socket: time and room are the output's.

#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parley/hint_list.hpp>
#include <parley/lazy.hpp>
#include <parley/live_entry.hpp>
#include <parley/resume_buffer.hpp>

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
  /// The same for a frame that nobody asked for: gap, synced, lag, hint.
  virtual void put_notice(std::string frame) { put(std::move(frame)); }
  /// The same for one that other sessions share.
  virtual void put_shared(std::shared_ptr<const std::string> frame) { put(std::string{*frame}); }
  /// Queues an open frame, shared with other sessions, and the counter that closes it.
  virtual void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) = 0;
  /// Asks for the entries behind `after`; they come back through `fill`.
  virtual void need(const conversation_id& conversation, seq_no after) = 0;
};

class session_window {
public:
  session_window(session_id session, user_id user, session_output& output, resume_limits limits = {});

  /// An entry was committed.
  void push(const live_entry_ptr& item);
  /// Something durable that is no entry: a receipt. `open_frame` is shared by all its readers.
  void event(std::shared_ptr<const std::string> open_frame);
  /// A frame that is worth sending only to who keeps up.
  void ephemeral(std::shared_ptr<const std::string> frame);
  /// A conversation in pull mode stands at `head`; said as soon as there is room, never dropped.
  void hint(const conversation_id& conversation, seq_no head);
  /// The same, and its entries are pushed from here on, beginning behind `head`.
  void focus(const conversation_id& conversation, seq_no head);
  void unfocus(const conversation_id& conversation);

  /// The request of this session was written; the push of that entry may come before or after.
  void acknowledge(const acknowledgement& ack);
  /// Any other answer.
  void reply(std::string frame);

  /// What the device missed of one conversation: `items` end at `head`. Gaps before and between them are announced. Who
  /// reads is replayed everything: what finds no room waits here for it.
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

  /// The transport is gone, and with it the answers to its requests.
  void detach();
  /// Whether there are devices that could go on: none if the window lags, its replay was cut, or too much was pushed
  /// since `detach`. Then the session is of no use any more.
  [[nodiscard]] bool may_resume() const;
  /// Whether a device that has everything up to `s` can go on.
  [[nodiscard]] bool can_resume(std::uint64_t s) const;
  /// There is a transport again: sends exactly what the device has missed, then what it is owed. Only if `can_resume`.
  void resume(std::uint64_t s);
  /// Whether the answers that come now are for the transport that is there; else they are dropped, and own entries are
  /// pushed like any other.
  void expect_answers(bool wanted) { answers_wanted_ = wanted; }

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
    /// Pushed though it is in pull mode.
    bool is_focused = false;
  };

  /// An entry that this session asked for.
  struct own_entry {
    conversation_id conversation;
    seq_no seq = 0;
    /// Pushes that were sent when it was acknowledged.
    std::uint64_t s = 0;
    /// The push is wanted beside the acknowledgement; known when the push comes.
    bool echo = true;
    /// The acknowledgement was not sent, or not received perhaps: so the push is.
    bool is_unheard = false;
  };

  [[nodiscard]] bool full() const { return is_attached_ && output_.full(); }
  void push_apart(const live_entry_ptr& item);
  /// Goes on with the replay as far as there is room; at its end goes live.
  void replay_on();
  /// Whether all of `what` is written.
  [[nodiscard]] bool replay_all(missed& what);
  /// Says that entries before `seq` are left out, if there are any.
  void skip_to(const conversation_id& conversation, line& where, seq_no seq);
  void hold(line& where, const live_entry_ptr& item);
  /// Sends `item`, the next of its line, or makes the line lag.
  void emit(line& where, const live_entry_ptr& item);
  /// Sends `item` or finds that an acknowledgement stands for it; false if there is no room.
  [[nodiscard]] bool write(const live_entry_ptr& item);
  /// Numbers a push and keeps it.
  void send(std::shared_ptr<const std::string> open_frame);
  /// Sends what waits and follows; asks the log for what is still missing.
  void settle(const conversation_id& conversation, line& where);
  void lag(const conversation_id& conversation, line& where);
  void say_lag();
  void say_hints();
  /// Forgets where a conversation stands.
  void drop_line(const conversation_id& conversation);
  own_entry* find_own(const conversation_id& conversation, seq_no seq);
  /// The push of an own entry and the answer to its request both come here; the first one writes the acknowledgement.
  own_entry& acknowledge_once(const acknowledgement& ack);

  session_id session_;
  user_id user_;
  session_output& output_;
  std::uint64_t s_ = 0;
  bool replaying_ = true;
  /// Not a deque: an empty one costs half a kilobyte, and most sessions are idle.
  std::list<missed> missed_;
  /// Said when all of it is replayed; absent: more may come.
  std::unique_ptr<std::string> synced_;
  /// A gap was announced, and nothing pushed since.
  bool gap_is_last_ = false;
  std::size_t lagging_ = 0;
  std::unordered_map<conversation_id, line> lines_;
  std::vector<conversation_id> lag_unsaid_;
  /// The latest ones; bounded.
  std::vector<own_entry> own_;
  /// Of each conversation the last entry that was pushed apart from its order.
  lazy<std::unordered_map<conversation_id, seq_no>> apart_;
  lazy<hint_list> hints_;
  resume_buffer kept_;
  bool is_attached_ = true;
  bool answers_wanted_ = true;
  /// The last push that went to the transport that is gone.
  std::uint64_t detached_at_ = 0;
};

} // namespace parley
