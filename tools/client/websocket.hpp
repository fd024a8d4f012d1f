/// The client's end of one WebSocket over TCP, with TLS where its address says so, for a loop that watches sockets. It
/// never waits.
///
/// The owner calls `read` when the socket is readable and `flush` when it is writable or when something was sent; one
/// write carries everything queued since the last. All calls, and the calls into `websocket_events`, are on the loop's
/// thread. An idle socket holds no buffer.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/client/tcp.hpp"
#include "tools/client/tls_client.hpp"
#include "tools/client/websocket_framing.hpp"
#include "tools/client/websocket_upgrade.hpp"

namespace parley::client {

/// How a socket ended.
struct ending {
  /// The close code that arrived; 1006 when the connection broke without one.
  std::uint16_t code = 1006;
  /// The HTTP status when the server refused the upgrade, else 0; `text` is then the answer's body.
  unsigned http_status = 0;
  std::string text;
};

class websocket_events {
public:
  virtual void opened() = 0;
  /// `text` is valid during the call.
  virtual void text_received(std::string_view text) = 0;
  /// The last call.
  virtual void ended(const ending& how) = 0;

protected:
  ~websocket_events() = default;
};

class websocket {
public:
  explicit websocket(websocket_events& events);

  /// Begins to connect, from the address `from` if it is given; `opened` or `ended` follows. `unavailable` when not
  /// even that is possible.
  [[nodiscard]] result<void> connect(const tcp_address& to, const upgrade_request& request,
                                     const tcp_address* from = nullptr);

  /// Queues one text message. Does nothing on a socket that is not open.
  void send_text(std::string_view text);
  /// Queues the close frame; `ended` follows when the server answers it.
  void send_close(std::uint16_t code, std::string_view reason = {});
  /// Writes what is queued, as far as the socket takes it.
  void flush();
  /// Reads once, into `scratch`, and tells the events what arrived.
  void read(std::span<char> scratch);
  /// Closes the connection at once, without a word.
  void abandon();

  [[nodiscard]] bool is_open() const { return phase_ == phase::open; }
  [[nodiscard]] bool has_ended() const { return phase_ == phase::ended; }
  /// Whether `flush` should be called as soon as the socket is writable.
  [[nodiscard]] bool wants_to_write() const {
    if (phase_ == phase::connecting || !encrypted_.empty()) return true;
    return !unsent_.empty() && phase_ != phase::securing;
  }
  [[nodiscard]] int descriptor_number() const { return socket_.number(); }

private:
  enum class phase { idle, connecting, securing, upgrading, open, closing, ended };

  void finish_connecting();
  void secure(std::span<const char>& arrived);
  void encrypt();
  /// Whether the server has ended the connection.
  [[nodiscard]] bool decrypt(std::span<const char> arrived, std::string& text);
  template <class Bytes> void send_some(Bytes& bytes);
  void take_arrived(std::string_view bytes, bool stream_ended);
  void take(std::string_view& bytes, bool stream_ended);
  void take_upgrade(std::string_view& bytes, bool stream_ended);
  void take_frames(std::string_view& bytes);
  void take_close(std::string_view payload);
  void queue(opcode kind, std::string_view payload);
  void keep(std::string_view rest, bool lies_in_kept);
  void end(const ending& how);

  websocket_events& events_;
  phase phase_ = phase::idle;
  descriptor socket_;
  std::unique_ptr<net::tls_channel> tls_;
  std::vector<char> encrypted_; // and not yet sent
  frame_reader reader_;
  std::string key_;
  std::string unsent_;
  std::string kept_; // the beginning of a frame whose rest has not arrived
  std::uint64_t masks_;
};

} // namespace parley::client
