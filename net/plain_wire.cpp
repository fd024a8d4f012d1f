#include "net/plain_wire.hpp"

#include "net/socket_calls.hpp"

namespace parley::net {

wire_step plain_wire::read(std::span<char> into) { return receive_some(socket_.native_handle(), into); }

wire_step plain_wire::write(std::span<iovec> parts) { return send_some(socket_.native_handle(), parts); }

void plain_wire::end_writing() {
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

} // namespace parley::net
