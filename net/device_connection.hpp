/// A connected device: its socket on one side, its session on the other. Knows the protocol and no transport.
///
/// Lives on the thread of its worker, which owns it. Owns its session until one of them ends; a session that may be
/// resumed outlives it. What comes in is read frame by frame, as long as the session takes requests, the client reads
/// what it is sent, and it keeps to the frame rate.

#pragma once

#include "net/device_session.hpp"
#include "net/edge.hpp"
#include "net/frame_socket.hpp"
#include "net/io_worker.hpp"
#include "net/token_watch.hpp"
#include "net/upgrade.hpp"

#include <parley/codec.hpp>
#include <parley/lazy.hpp>
#include <parley/token_bucket.hpp>

namespace parley::net {

class device_connection final : public frame_listener,
                                public session_transport,
                                public watched_connection,
                                public std::enable_shared_from_this<device_connection> {
public:
  /// `place` is absent where something else holds one.
  device_connection(std::shared_ptr<frame_socket> socket, upgrade plan, std::optional<address_counter::place> place,
                    io_worker& worker, edge& shared);

  /// Before the socket's first word.
  void start();

  void on_open() override;
  void on_frame(std::string_view text, bool is_text) override;
  void on_control() override;
  void on_written() override;
  void on_gone() override { end(); }
  bool owes_answers() const override { return !session_ || session_->owes_answers(); }

  void put(outgoing_frame frame) override { socket_->put(std::move(frame)); }
  bool is_full() const override { return socket_->is_full(); }
  bool is_half_full() const override { return socket_->is_half_full(); }
  void on_welcome() override;
  void on_settled() override;
  void close(actors::close_code code, std::string_view reason) override;
  void on_replaced() override;
  bool take_poll(poll_exchange& poll) override;

  void tick(instant now) override;
  void say_goodbye(milliseconds pause) override;
  void end() override;

private:
  void read_on();
  void answer(client_frame frame);
  void say(std::string frame);
  void object(const std::string& ref, const error& why);

  void authenticate(const client_frame& first);
  void refuse_client(const std::string& ref, const error& why);
  void begin_session(const claims& bearer);
  void open_session();
  void resume_session(const resume_ticket& ticket);
  void join(std::shared_ptr<device_session> session, std::uint64_t s);
  void renew(const std::string& ref, const std::string& token);

  void watch_client(instant now);
  void watch_token(instant now);
  void watch_lag(instant now);
  [[nodiscard]] bool may_close(actors::close_code code);
  void close_now(actors::close_code code, std::string_view reason);

  std::shared_ptr<frame_socket> socket_;
  /// Until a session has begun.
  std::unique_ptr<upgrade> plan_;
  std::optional<address_counter::place> place_;
  io_worker& worker_;
  edge& shared_;

  std::optional<token_watch> token_;
  std::shared_ptr<device_session> session_;
  /// Another session than a new one is looked for.
  bool is_joining_ = false;
  /// Of the `auth` that began the session; `welcome` is the first frame, so its `ack` waits for that.
  lazy<std::string> auth_ref_;

  bool is_open_ = false;
  bool ended_ = false;
  instant began_;
  instant heard_;
  /// When the client last took a frame, or had few to take.
  instant taken_;
  std::optional<instant> closing_since_;
  /// With what; such that the client may not come back to the session, or it may.
  bool is_final_ = false;
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
