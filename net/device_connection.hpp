/// A connected device: its socket on one side, its session on the other. Knows the protocol and no transport.
///
/// Lives on the thread of its worker, which owns it. Actors reach it through its `bridge`. The order and the bounds of
/// what goes out are those of `session_window` and `outbox`; what comes in is read frame by frame, as long as fewer
/// than `in_flight` requests are open, the client reads what it is sent, and it keeps to the frame rate.

#pragma once

#include "net/bridge.hpp"
#include "net/edge.hpp"
#include "net/frame_socket.hpp"
#include "net/io_worker.hpp"
#include "net/token_watch.hpp"
#include "net/upgrade.hpp"

#include <parley/codec.hpp>
#include <parley/session_window.hpp>
#include <parley/token_bucket.hpp>

namespace parley::net {

class device_connection final : public frame_listener,
                                public session_output,
                                public watched_connection,
                                public std::enable_shared_from_this<device_connection> {
public:
  device_connection(std::shared_ptr<frame_socket> socket, upgrade plan, address_counter::place place, io_worker& worker,
                    edge& shared);
  ~device_connection() override;

  /// Before the socket's first word.
  void start();

  void on_open() override;
  void on_frame(std::string_view text, bool is_text) override;
  void on_control() override;
  void on_written() override;
  void on_gone() override { end(); }

  bool full() const override { return socket_->is_full(); }
  bool busy() const override { return socket_->is_half_full(); }
  void put(std::string frame) override;
  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override;
  void need(const conversation_id& conversation, seq_no after) override;

  void tick(instant now) override;
  void say_goodbye(milliseconds pause) override;
  void end() override;

private:
  void take_arrivals();
  void on(entry_pushed& what) { window_->push(what.item); }
  void on(event_pushed& what) { window_->event(std::move(what.open_frame)); }
  void on(acknowledgement& ack);
  void on(replied& what);
  void on(history_replied& what);
  void on(request_finished&) { --in_flight_; }
  void on(greeted& what);
  void on(replayed& what) { window_->replay(what.conversation, what.cursor, what.items, what.head); }
  void on(replay_ended& what) { window_->end_replay(std::move(what.synced)); }
  void on(hole_filled& what) { window_->fill(what.conversation, what.items); }
  void on(close_wanted& what) { close(what.code, what.reason); }

  void read_on();
  void answer(client_frame frame);
  void object(const std::string& ref, const error& why);

  void authenticate(const client_frame& first);
  void refuse_client(const std::string& ref, const error& why);
  void begin_session(const claims& bearer);
  void renew(const std::string& ref, const std::string& token);

  void watch_token(instant now);
  void watch_lag(instant now);
  [[nodiscard]] bool may_close();
  void close(actors::close_code code, std::string_view reason);
  void close_now(actors::close_code code, std::string_view reason);

  std::shared_ptr<frame_socket> socket_;
  std::shared_ptr<bridge> bridge_;
  upgrade plan_;
  address_counter::place place_;
  io_worker& worker_;
  edge& shared_;

  std::optional<token_watch> token_;
  std::optional<session_window> window_;
  std::unique_ptr<actors::session_handle> session_;
  /// Of the `auth` that began the session; `welcome` is the first frame, so its `ack` waits for that.
  std::string auth_ref_;
  /// Requests handed to the session and not answered.
  std::size_t in_flight_ = 0;

  bool is_open_ = false;
  bool ended_ = false;
  instant began_;
  instant heard_;
  /// When the client last took a frame, or had few to take.
  instant taken_;
  std::optional<instant> closing_since_;
  std::optional<instant> full_since_;
  token_bucket frames_;
  /// Nothing is read before: the client was too fast.
  std::optional<instant> paused_until_;
  /// More pings than frames are allowed.
  bool is_flooded_ = false;
  /// When bad frames came lately.
  std::vector<instant> bad_frames_;
};

} // namespace parley::net
