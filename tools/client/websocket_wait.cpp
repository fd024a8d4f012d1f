#include "tools/client/websocket_wait.hpp"

#include <algorithm>
#include <array>

#include <poll.h>

namespace parley::client {

bool wait_for(websocket* socket, instant until, std::span<char> scratch, int input) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  std::array<pollfd, 2> watched{pollfd{.fd = input, .events = POLLIN, .revents = 0},
                                pollfd{.fd = -1, .events = POLLIN, .revents = 0}};
  if (socket != nullptr && !socket->has_ended()) {
    watched[1].fd = socket->descriptor_number();
    if (socket->wants_to_write()) watched[1].events |= POLLOUT;
  }
  const auto longest = std::chrono::milliseconds{std::chrono::hours{1}}.count();
  if (::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, longest))) <= 0)
    return false;
  if ((watched[1].revents & POLLOUT) != 0) socket->flush();
  if ((watched[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0) socket->read(scratch);
  return watched[0].revents != 0;
}

} // namespace parley::client
