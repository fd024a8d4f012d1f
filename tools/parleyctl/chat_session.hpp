/// The client's side of one conversation: what to say to the server and what to make of its frames. No socket and no
/// clock of its own.
///
/// Entries are shown in order of their seq. Whatever may have been missed (a reconnect, a gap, a lag, a hole) ends in
/// one thing: reading the log behind the last entry shown. Own messages wait in line and are sent one at a time, with
/// the same `clientId` until they are acknowledged, so they keep their order whatever happens.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include <parley/clock.hpp>

#include "tools/parleyctl/chat_view.hpp"
#include "tools/parleyctl/own_messages.hpp"
#include "tools/parleyctl/send_queue.hpp"

namespace parley::ctl {

struct chat_session_options {
  user_id self;
  /// The other user of a 1:1; empty when `conversation` is given.
  user_id peer;
  std::string conversation;
  device_id device;
  /// Begin with so many of the newest entries, at most 200; absent: with what this device has not had.
  std::optional<unsigned> history;
  /// Neither: only send.
  bool wants_entries = true;
  /// Tell the server what was shown, so that it counts as read.
  bool confirms = true;
};

class chat_session {
public:
  chat_session(chat_session_options options, chat_view& view);

  /// Path and query to connect to.
  [[nodiscard]] std::string target() const;
  /// An error when the conversation cannot go on.
  [[nodiscard]] result<void> on_frame(std::string_view text, instant now);
  void on_connection_lost();
  /// What has to be sent now, oldest first.
  [[nodiscard]] std::vector<std::string> take_outgoing();

  void post(std::string text);
  /// When `repeat` should be called, if there is something to repeat.
  [[nodiscard]] std::optional<instant> repeat_at() const;
  void repeat(instant now);

  [[nodiscard]] bool is_connected() const { return connected_; }
  /// Messages that are not yet acknowledged or refused.
  [[nodiscard]] std::size_t unsent() const { return queue_.size(); }
  [[nodiscard]] std::chrono::milliseconds heartbeat() const { return heartbeat_; }
  /// The server asked to come back after so long.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take_return_delay();

private:
  [[nodiscard]] result<void> on_welcome(const boost::json::object& frame);
  void on_ack(const boost::json::object& frame);
  [[nodiscard]] result<void> on_error(const boost::json::object& frame, instant now);
  void on_send_error(const boost::json::object& frame, instant now);
  [[nodiscard]] result<void> on_reading_error(const boost::json::object& frame, instant now);
  void on_members(const boost::json::object& frame);
  void on_history(const boost::json::object& frame);
  void on_gap(const boost::json::object& frame);
  void on_receipt(const boost::json::object& frame);
  void on_entry(const boost::json::object& frame);
  void on_head(seq_no head);
  void take_entry(const boost::json::object& entry);
  void show(const boost::json::object& entry);
  [[nodiscard]] bool is_ours(const boost::json::object& frame) const;
  void raise(progress to, seq_no seq);
  void start_reading();
  void ask_for_history();
  void send_next();
  void send_positions();
  void say(const boost::json::object& frame);

  chat_session_options options_;
  chat_view& view_;
  std::string conversation_;
  std::vector<std::string> outgoing_;
  send_queue queue_;
  own_messages own_;
  bool connected_ = false, reading_ = false;
  bool exists_ = false;                   // the conversation does
  std::optional<instant> read_at_;        // when to ask for the log again
  std::optional<seq_no> shown_;           // the last entry shown; absent until we know where to begin
  seq_no head_ = 0;                       // the highest seq heard of
  seq_no to_confirm_ = 0, confirmed_ = 0; // the last message shown that others wrote; what the server was told
  std::string session_, resume_key_;
  std::int64_t pushes_ = 0; // the last `s`
  std::chrono::milliseconds heartbeat_{25000};
  std::optional<std::chrono::milliseconds> return_delay_;
};

} // namespace parley::ctl
