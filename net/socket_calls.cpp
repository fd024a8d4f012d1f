#include "net/socket_calls.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <numeric>

namespace parley::net {

wire_step receive_some(int socket, std::span<char> into) {
  const auto bytes = ::recv(socket, into.data(), into.size(), MSG_DONTWAIT);
  if (bytes < 0 && (errno == EAGAIN || errno == EINTR)) return {0, wire_step::kind::blocked};
  if (bytes <= 0) return {0, wire_step::kind::ended};
  return {static_cast<std::size_t>(bytes), wire_step::kind::fine};
}

wire_step send_some(int socket, std::span<iovec> parts) {
  const auto size = std::accumulate(parts.begin(), parts.end(), std::size_t{0},
                                    [](std::size_t sum, const iovec& part) { return sum + part.iov_len; });
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      const auto bytes = static_cast<std::size_t>(sent);
      return {bytes, bytes < size ? wire_step::kind::blocked : wire_step::kind::fine};
    }
    if (errno == EINTR) continue;
    const auto is_full = errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
    return {0, is_full ? wire_step::kind::blocked : wire_step::kind::ended};
  }
}

} // namespace parley::net
