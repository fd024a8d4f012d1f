/// A TCP connection without TLS. On the thread of its worker.

#pragma once

#include "net/beast_types.hpp"
#include "net/wire.hpp"

#include <sys/uio.h>

#include <span>

namespace parley::net {

class plain_wire {
public:
  explicit plain_wire(tcp_socket socket) : socket_{std::move(socket)} {}

  [[nodiscard]] tcp_socket& socket() { return socket_; }

  [[nodiscard]] wire_step read(std::span<char> into);
  /// `bytes` of the parts are the system's now.
  [[nodiscard]] wire_step write(std::span<iovec> parts);
  /// Says that no more comes.
  void end_writing();

  // Everything that has come, or is to go, is with the system.
  [[nodiscard]] static constexpr bool has_unread() { return false; }
  [[nodiscard]] static constexpr bool has_unsent() { return false; }

private:
  tcp_socket socket_;
};

} // namespace parley::net
