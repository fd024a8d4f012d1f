/// The transport of a client that polls: what a WebSocket would carry waits here, in order, for the next request.
///
/// Pushes are handed out again until a poll says, by its `s`, that they have come; so are notices (gap, synced, lag,
/// hint, welcome) if the answer they were in is known not to have come. Replies are handed out once. A poll is answered
/// when there is something to say and none of its requests waits for its reply, or when its time is over.
///
/// On the thread of its worker. The transport ends when nobody has polled for a while.

#pragma once

#include "net/auth/claims.hpp"
#include "net/frame_socket.hpp"
#include "net/http_types.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::net {

/// One poll of a client whose token is good.
struct poll_exchange {
  claims bearer;
  std::vector<std::string> frames;
  std::uint64_t s = 0;
  std::chrono::milliseconds wait{};
  /// Answered exactly once.
  http_answer answer;
};

struct poll_limits {
  outbox_limits outbox;
  /// Frames of the client that wait to be read.
  std::size_t inbox_max = 64;
  /// How long a poll waits for replies to its requests, whatever it asked for.
  std::chrono::milliseconds reply_patience{5'000};
  /// The client counts as connected so long after its last poll.
  std::chrono::milliseconds pause_max{30'000};
};

class poll_transport final : public frame_socket {
public:
  poll_transport(poll_limits limits, const clock& time) : limits_{limits}, time_{time}, polled_at_{time.steady()} {}
  poll_transport(const poll_transport&) = delete;
  poll_transport& operator=(const poll_transport&) = delete;
  ~poll_transport() override { drop(); }

  void listen(std::weak_ptr<frame_listener> listener) { listener_ = std::move(listener); }
  /// Whether everything behind `s` is still here.
  [[nodiscard]] bool can_go_on(std::uint64_t s) const { return s >= forgotten_; }
  /// A poll came; one that still waits is answered with nothing.
  void begin(poll_exchange poll);

  void read() override { wants_ = true; }
  void put(outgoing_frame frame) override;
  [[nodiscard]] bool is_full() const override { return reaches(limits_.outbox.frames_max, limits_.outbox.bytes_max); }
  [[nodiscard]] bool is_half_full() const override {
    return reaches(limits_.outbox.frames_max / 2, limits_.outbox.bytes_max / 2);
  }
  void close(actors::close_code code, std::string_view reason) override;
  void close_now(actors::close_code code, std::string_view reason) override;
  void drop() override;
  void flush() override;
  void tick(instant now) override;
  void introduce(const resume_ticket& ticket) override;
  [[nodiscard]] poll_transport* polled() override { return this; }

private:
  struct kept_frame {
    outgoing_frame frame;
    bool is_handed_out = false;
    /// Of a notice: the last push in the answer that it was handed out in.
    std::uint64_t answer_s = 0;
  };
  struct open_poll {
    http_answer answer;
    instant until;
    /// It waits for replies no longer than until then.
    instant latest;
  };
  struct closing {
    actors::close_code code{};
    std::string reason;
  };

  [[nodiscard]] bool reaches(std::size_t frames, std::size_t bytes) const {
    return frames_.size() >= frames || bytes_ >= bytes;
  }
  void forget(std::uint64_t s);
  void pump();
  [[nodiscard]] bool is_due() const;
  void answer();
  void tell_gone();

  poll_limits limits_;
  const clock& time_;
  std::weak_ptr<frame_listener> listener_;
  resume_ticket ticket_;
  std::deque<kept_frame> frames_;
  std::size_t bytes_ = 0;
  /// Frames that the next answer takes.
  std::size_t waiting_ = 0;
  /// Pushes up to this one are not here any more.
  std::uint64_t forgotten_ = 0;
  std::deque<std::string> inbox_;
  std::optional<open_poll> open_;
  instant polled_at_;
  std::optional<closing> closing_;
  bool has_said_why_ = false;
  /// The welcome was put: before that no frame is given in.
  bool is_welcomed_ = false;
  bool wants_ = false;
  bool is_flushing_ = false;
  bool is_dropped_ = false;
};

} // namespace parley::net
