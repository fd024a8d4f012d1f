#include "tools/client/http_exchange.hpp"

#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <poll.h>

#include <parley/clock.hpp>

#include "tools/client/tcp.hpp"

namespace parley::client {

namespace {

// HTTP/1.0, so that the answer comes in one piece and the connection ends with it.
std::string text_of(const server_url& server, const http_request& request) {
  auto text = fmt::format("{} {} HTTP/1.0\r\nHost: {}\r\n", request.method, request.target, server.authority());
  if (!request.token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", request.token);
  if (!request.body.empty()) text += "Content-Type: application/json\r\n";
  text += fmt::format("Content-Length: {}\r\n\r\n{}", request.body.size(), request.body);
  return text;
}

result<void> wait_until_ready(int socket, short event, instant deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return fail(errc::timeout, "the server does not answer");
    pollfd watched{.fd = socket, .events = event, .revents = 0};
    const auto ready = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return fail(errc::unavailable, system_text(errno));
  }
}

bool may_try_again() { return errno == EAGAIN || errno == EINTR; }

result<void> write_all(int socket, std::string_view bytes, instant deadline) {
  while (!bytes.empty()) {
    if (const auto ready = wait_until_ready(socket, POLLOUT, deadline); !ready) return ready;
    const auto written = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && !may_try_again()) return fail(errc::unavailable, system_text(errno));
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

result<http_answer> read_answer(int socket, instant deadline) {
  std::string bytes;
  std::array<char, 16384> piece{};
  while (true) {
    if (const auto ready = wait_until_ready(socket, POLLIN, deadline); !ready) return fail(ready.error());
    const auto received = ::recv(socket, piece.data(), piece.size(), 0);
    if (received < 0 && may_try_again()) continue;
    if (received < 0) return fail(errc::unavailable, system_text(errno));
    bytes.append(piece.data(), static_cast<std::size_t>(received));
    auto answer = read_http_answer(bytes, received == 0);
    if (!answer) return fail(answer.error());
    if (*answer) return std::move(**answer);
  }
}

} // namespace

result<http_answer> exchange(const server_url& server, const http_request& request, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const auto address = resolve(server);
  if (!address) return fail(address.error());
  const auto socket = begin_connect(*address);
  if (!socket) return fail(socket.error());
  if (const auto ready = wait_until_ready(socket->number(), POLLOUT, deadline); !ready) return fail(ready.error());
  if (const auto trouble = pending_error(socket->number()); trouble != 0)
    return fail(errc::unavailable, fmt::format("{}: {}", server.text(), system_text(trouble)));
  if (const auto sent = write_all(socket->number(), text_of(server, request), deadline); !sent)
    return fail(sent.error());
  return read_answer(socket->number(), deadline);
}

} // namespace parley::client
