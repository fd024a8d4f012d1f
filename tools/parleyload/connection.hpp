/// One device of a simulated user: a WebSocket in the event loop that introduces itself, keeps its heartbeat and hands
/// the frames that matter to its owner.

#pragma once

#include <string>
#include <string_view>

#include "tools/client/websocket.hpp"
#include "tools/parleyload/event_loop.hpp"
#include "tools/parleyload/frame_scanner.hpp"

namespace parley::load {

class connection;

class connection_owner {
public:
  /// The server has introduced itself; `frame` is valid during the call.
  virtual void on_welcome(connection& /*which*/, const scanned_frame& /*frame*/) {}
  /// `synced` has come, or the session was resumed: from now on pushes are live.
  virtual void on_ready(connection& which) = 0;
  /// Anything but what opens and keeps the connection. `frame` is valid during the call.
  virtual void on_frame(connection& which, const scanned_frame& frame) = 0;
  /// The last call. `why` is short, the same for all that end alike, and empty after a goodbye of ours.
  virtual void on_lost(connection& which, const std::string& why) = 0;

protected:
  ~connection_owner() = default;
};

class connection final : public socket_owner, private client::websocket_events {
public:
  connection(event_loop& loop, connection_owner& owner) : loop_{loop}, owner_{owner}, socket_{*this} {}

  /// `from` is the own address, if it matters.
  void connect(const client::tcp_address& to, const client::upgrade_request& request, instant now,
               const client::tcp_address* from = nullptr);
  void send(std::string_view frame);
  /// Says goodbye; `on_lost` follows when the server has answered.
  void close();
  /// Ends it without a word to the server.
  void abandon(const std::string& why);
  /// To be called about once a second: pings when idle, gives up when the server did not let us in.
  void tend(instant now);

  [[nodiscard]] bool is_ready() const { return ready_ && !lost_; }
  [[nodiscard]] bool is_lost() const { return lost_; }
  /// It was let in, whatever became of it.
  [[nodiscard]] bool was_ready() const { return ready_; }

  void on_readable() override;
  void flush() override;

private:
  void opened() override {}
  void text_received(std::string_view text) override;
  void ended(const client::ending& how) override;
  void be_ready();
  void lose(const std::string& why);
  void flush_soon();
  void watch_for_writing();

  event_loop& loop_;
  connection_owner& owner_;
  client::websocket socket_;
  instant active_at_{};
  std::chrono::milliseconds heartbeat_{25000};
  bool ready_ = false, closing_ = false, lost_ = false;
  bool flush_is_due_ = false;
  bool watched_for_writing_ = false;
};

} // namespace parley::load
