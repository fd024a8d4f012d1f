/// The way from actors to a session's connection. What they say, on any thread, waits here until the connection's own
/// thread takes it; a burst wakes that thread once.
///
/// Bounded: answers by the requests in flight, pushes by `pushes_max`. Beyond that a conversation keeps the first and
/// the newest entry that found no room: its reader sees the hole between them and asks the log, so it misses nothing. A
/// receipt or an ephemeral frame that finds no room is dropped: the next receipt covers it, and `members` shows where
/// it stands. Of the hints that find none each conversation keeps the newest.

#pragma once

#include "actors/handles.hpp"

#include <parley/lazy.hpp>

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
struct ephemeral_pushed {
  std::shared_ptr<const std::string> frame;
};
/// A conversation in pull mode came to `head`, and is pushed from there on or no longer.
struct pull_changed {
  enum class focus_kind : std::uint8_t { as_before, begins, ends };

  conversation_id conversation;
  seq_no head = 0;
  focus_kind focus = focus_kind::as_before;
};
struct replied {
  std::string frame;
};
struct refused {
  std::string ref;
  error why;
};
struct history_replied {
  std::string frame;
  conversation_id conversation;
  seq_no head = 0;
};
struct request_finished {};
struct greeted {};
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
using arrival =
    std::variant<entry_pushed, event_pushed, ephemeral_pushed, pull_changed, acknowledgement, replied, refused,
                 history_replied, request_finished, greeted, replayed, replay_ended, hole_filled, close_wanted>;

class bridge final : public actors::client_link {
public:
  /// `wake` is called on any thread, under a lock: it posts and returns. Who reads answers it with `take`.
  bridge(std::size_t pushes_max, std::function<void()> wake);

  void push(live_entry_ptr item) override;
  void event(std::shared_ptr<const std::string> open_frame) override;
  void ephemeral(std::shared_ptr<const std::string> frame) override;
  void hint(conversation_id conversation, seq_no head) override;
  void focus(conversation_id conversation, seq_no head) override {
    add(pull_changed{conversation, head, pull_changed::focus_kind::begins});
  }
  void unfocus(conversation_id conversation) override {
    add(pull_changed{conversation, 0, pull_changed::focus_kind::ends});
  }
  void acknowledge(acknowledgement ack) override { add(std::move(ack)); }
  void reply(std::string frame) override { add(replied{std::move(frame)}); }
  void refuse(std::string ref, error why) override { add(refused{std::move(ref), std::move(why)}); }
  void reply_history(std::string frame, conversation_id conversation, seq_no head) override {
    add(history_replied{std::move(frame), conversation, head});
  }
  void finish() override { add(request_finished{}); }
  void greet() override { add(greeted{}); }
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
  /// Another thread reads from now on: `wake` takes the place of the one before, and is called if something waits.
  void rewire(std::function<void()> wake);
  /// The session is over: from when this returns nothing is kept and nobody woken.
  void cut();

private:
  /// Entries of one conversation that found no room, and those between them that were left out.
  struct overflow {
    live_entry_ptr first;
    live_entry_ptr newest;
    /// The highest head hinted; 0: none.
    seq_no head = 0;
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
  lazy<std::unordered_map<conversation_id, overflow>> overflows_;
};

} // namespace parley::net
