/// The way from actors to a connection. What they say, on any thread, waits here until the connection's own thread
/// takes it; a burst wakes that thread once.
///
/// Bounded: answers by the requests in flight, pushes by `pushes_max`. Beyond that a conversation keeps the first and
/// the newest entry that found no room: its reader sees the hole between them and asks the log, so it misses nothing. A
/// receipt that finds no room is dropped; the next one covers it, and `members` shows where it stands.

#pragma once

#include "actors/handles.hpp"

#include <functional>
#include <mutex>
#include <unordered_map>
#include <variant>

namespace parley::net {

// What actors say, in the words of `client_link`.
struct entry_pushed {
  live_entry_ptr item;
};
struct event_pushed {
  std::shared_ptr<const std::string> open_frame;
};
struct replied {
  std::string frame;
};
struct history_replied {
  std::string frame;
  conversation_id conversation;
  seq_no head = 0;
};
struct request_finished {};
struct greeted {
  std::string frame;
};
struct replayed {
  conversation_id conversation;
  seq_no cursor = 0;
  std::vector<live_entry_ptr> items;
  seq_no head = 0;
};
struct replay_ended {
  std::string synced;
};
struct hole_filled {
  conversation_id conversation;
  std::vector<live_entry_ptr> items;
};
struct close_wanted {
  actors::close_code code = actors::close_code::internal;
  std::string reason;
};
using arrival = std::variant<entry_pushed, event_pushed, acknowledgement, replied, history_replied, request_finished,
                             greeted, replayed, replay_ended, hole_filled, close_wanted>;

class bridge final : public actors::client_link {
public:
  /// `wake` is called on any thread, under a lock: it posts and returns. The connection answers it with `take`.
  bridge(std::size_t pushes_max, std::function<void()> wake);

  void push(live_entry_ptr item) override;
  void event(std::shared_ptr<const std::string> open_frame) override;
  void acknowledge(acknowledgement ack) override { add(std::move(ack)); }
  void reply(std::string frame) override { add(replied{std::move(frame)}); }
  void reply_history(std::string frame, conversation_id conversation, seq_no head) override {
    add(history_replied{std::move(frame), conversation, head});
  }
  void finish() override { add(request_finished{}); }
  void greet(std::string frame) override { add(greeted{std::move(frame)}); }
  void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) override {
    add(replayed{conversation, cursor, std::move(items), head});
  }
  void end_replay(std::string synced) override { add(replay_ended{std::move(synced)}); }
  void fill(conversation_id conversation, std::vector<live_entry_ptr> items) override {
    add(hole_filled{conversation, std::move(items)});
  }
  void close(actors::close_code code, std::string reason) override { add(close_wanted{code, std::move(reason)}); }

  /// What has come since the last call, in its order; entries that found no room come last.
  [[nodiscard]] std::vector<arrival> take();
  /// The connection is gone: from when this returns nothing is kept and nobody woken.
  void cut();

private:
  /// Entries of one conversation that found no room, and those between them that were left out.
  struct overflow {
    live_entry_ptr first;
    live_entry_ptr newest;
  };

  void add(arrival what);
  void wake_once();

  std::mutex lock_;
  std::size_t pushes_max_;
  /// Empty: cut.
  std::function<void()> wake_;
  bool woken_ = false;
  std::vector<arrival> waiting_;
  /// Of those, how many are pushes.
  std::size_t pushes_ = 0;
  std::unordered_map<conversation_id, overflow> overflows_;
};

} // namespace parley::net
