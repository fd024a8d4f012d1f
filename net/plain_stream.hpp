/// A TCP connection as the code for HTTP uses it.

#pragma once

#include "net/plain_wire.hpp"

#include <boost/beast/core/basic_stream.hpp>

namespace parley::net {

class plain_stream : public beast::basic_stream<asio::ip::tcp, io_executor> {
public:
  static constexpr bool is_secure = false;

  explicit plain_stream(tcp_socket socket) : basic_stream{std::move(socket)} {}

  void end_writing() {
    error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
  }
  /// For another protocol. Nothing may be under way.
  [[nodiscard]] plain_wire release_wire() { return plain_wire{release_socket()}; }
};

} // namespace parley::net
