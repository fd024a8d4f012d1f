/// A TCP connection with TLS. On the thread of its worker.
///
/// What comes is read into a buffer of the thread, decrypted at once, and kept only where the reader had no room. What
/// is written is encrypted into another one and leaves in one system call; at most one batch waits here for the socket.

#pragma once

#include "net/beast_types.hpp"
#include "net/tls/tls_channel.hpp"
#include "net/wire.hpp"

#include <sys/uio.h>

#include <span>
#include <vector>

namespace parley::net {

class tls_wire {
public:
  tls_wire(tcp_socket socket, std::unique_ptr<tls_channel> channel)
      : socket_{std::move(socket)}, channel_{std::move(channel)} {}

  [[nodiscard]] tcp_socket& socket() { return socket_; }

  /// `blocked`: on writing while something is unsent, else on reading. Who speaks plain HTTP is told so before the end.
  [[nodiscard]] wire_step shake_hands();

  [[nodiscard]] wire_step read(std::span<char> into);
  /// Takes up to a batch of the parts, and nothing while an earlier one waits; `blocked` also when it is taken and
  /// waits itself. Without parts it sends on what waits.
  [[nodiscard]] wire_step write(std::span<const iovec> parts);
  /// Says goodbye, and that no more comes.
  void end_writing();

  /// There is something to read that the socket does not tell of.
  [[nodiscard]] bool has_unread() const {
    return is_broken_ || input_over_ || !undecrypted_.empty() || channel_->has_decrypted();
  }
  /// Encrypted, and not yet taken by the socket.
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }

private:
  /// Reads the socket, unless something has `arrived` before.
  [[nodiscard]] wire_step receive(std::span<const char>& arrived);
  void keep(std::span<const char> rest);
  void send(std::vector<char>& encrypted);
  void send_unsent();
  void answer_plain_http();

  tcp_socket socket_;
  std::unique_ptr<tls_channel> channel_;
  std::vector<char> undecrypted_;
  std::vector<char> unsent_;
  /// The peer has said its last word. We need not have.
  bool input_over_ = false;
  bool is_broken_ = false;
};

} // namespace parley::net
