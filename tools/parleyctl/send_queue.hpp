/// One's messages on their way to the server: one after the other, each with the same `clientId` until it is answered,
/// so that they keep their order and none is stored twice.

#pragma once

#include <deque>
#include <optional>
#include <string>

#include <parley/clock.hpp>

namespace parley::ctl {

struct waiting_message {
  std::string client_id;
  std::string text;
};

class send_queue {
public:
  void post(std::string text);

  /// What to send now; nothing while an answer is due or a repetition waits. It is under way from then on.
  [[nodiscard]] const waiting_message* start();
  [[nodiscard]] bool is_under_way() const { return under_way_; }
  /// The message under way is in the log, or never will be.
  [[nodiscard]] waiting_message finish();
  /// The message under way was not taken: again at `at`.
  void repeat(instant at);
  void resume(instant now);
  /// The connection is gone, and an answer with it.
  void interrupt();

  [[nodiscard]] std::optional<instant> repeat_at() const { return repeat_at_; }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }

private:
  std::deque<waiting_message> waiting_;
  bool under_way_ = false;
  std::optional<instant> repeat_at_;
};

} // namespace parley::ctl
