/// Two users in a 1:1 conversation: `a` writes, `b` receives, and what happens to each message is checked.
///
/// Everything happens on the thread of the event loop. A pair fails at the first thing behind which its check would
/// mean nothing: a lost connection, an error that does not ask to try again.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/parleyload/chat_results.hpp"
#include "tools/parleyload/connection.hpp"
#include "tools/parleyload/message_window.hpp"
#include "tools/parleyload/payload.hpp"
#include "tools/parleyload/run_name.hpp"
#include "tools/parleyload/seq_check.hpp"
#include "tools/parleyload/timer_queue.hpp"

namespace parley::load {

class pair;

/// What a pair wants to do later.
struct pair_task {
  enum class kind { repeat, confirm_own, confirm_other };

  pair* whose = nullptr;
  kind what = kind::repeat;
  std::uint64_t number = 0; // the message to repeat
};

/// When message `number` of pair `index` has to be sent, if that does not depend on the server.
struct schedule {
  instant start{};
  std::chrono::duration<double, std::nano> interval{0}; // between two messages of the run; 0: no schedule
  std::uint32_t pairs = 1;

  [[nodiscard]] instant time_of(std::uint32_t index, std::uint64_t number) const;
};

/// What all pairs of a run share.
struct chat_run {
  run_name name;
  payloads texts;
  std::uint32_t window = 1;
  bool echo = false;
  schedule times{};
  event_loop loop{};
  timer_queue<pair_task> tasks{};
  chat_results results{};
  std::uint64_t open_messages = 0; // of pairs that have not failed
  std::string frame{};             // room to write a frame in
};

class pair final : public connection_owner {
public:
  pair(chat_run& run, std::uint32_t index);

  struct way_in {
    client::tcp_address address;
    client::upgrade_request request;
  };
  void connect(const way_in& own, const way_in& other, instant now);

  /// Both sides are in.
  [[nodiscard]] bool is_ready() const { return own_.device.is_ready() && other_.device.is_ready(); }
  [[nodiscard]] bool has_failed() const { return failed_; }

  /// Sends up to message `count`, as far as the window allows, and the rest as it opens.
  void allow(std::uint64_t count, instant now);
  /// Sends nothing new any more. Returns how many messages were allowed and never sent.
  std::uint64_t stop();
  void perform(const pair_task& task);
  /// To be called about once a second.
  void tend(instant now);
  /// Tells the server what has arrived.
  void confirm_all();
  void close();
  [[nodiscard]] bool is_closed() const { return own_.device.is_lost() && other_.device.is_lost(); }
  /// Counts what is still open as lost or unanswered. Once, at the end.
  void settle();

  void on_ready(connection& which) override;
  void on_frame(connection& which, const scanned_frame& frame) override;
  void on_lost(connection& which, const std::string& why) override;

private:
  struct side {
    side(event_loop& loop, connection_owner& owner, pair_task::kind task) : device{loop, owner}, confirm{task} {}

    connection device;
    pair_task::kind confirm;
    seq_check seqs{};
    std::uint32_t unconfirmed = 0;
    bool will_confirm = false;
  };

  [[nodiscard]] message_window::message* find(const scanned_frame& reply);
  [[nodiscard]] bool may_send() const;
  void send_what_fits(instant now);
  void write_send(std::uint64_t number);
  void on_ack(const scanned_frame& frame);
  void on_error(const scanned_frame& frame);
  void on_message(side& at, const scanned_frame& frame);
  void on_other_received(std::uint64_t number, const scanned_frame& frame);
  void finish(std::uint64_t number, const message_window::message& done, instant now);
  [[nodiscard]] bool learn_conversation(std::string_view conversation);
  void confirm_soon(side& at);
  void confirm(side& at);
  void report_wrong(std::string_view what);
  void fail(const std::string& why);

  chat_run& run_;
  std::uint32_t index_;
  std::string own_name_, other_name_;
  side own_, other_;
  std::string conversation_; // empty until the server named it
  message_window messages_;
  std::uint64_t allowed_ = 0;
  std::uint64_t in_order_ = 0; // one above the highest number that `b` received of those never refused
  bool failed_ = false;
};

} // namespace parley::load
