#include "tools/client/http_exchange.hpp"

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>

#include <parley/clock.hpp>

#include "tools/client/tcp.hpp"
#include "tools/client/tls_client.hpp"

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

/// The connection of one exchange. Whatever it waits for has to come before the deadline.
class line {
public:
  line(int socket, std::unique_ptr<net::tls_channel> tls, instant deadline)
      : socket_{socket}, tls_{std::move(tls)}, deadline_{deadline} {}

  result<void> secure();
  result<void> write_all(std::string_view bytes);
  result<http_answer> read_answer();

private:
  result<void> send_all(std::string_view bytes);
  /// What the socket has next; nothing: it has ended.
  result<std::span<const char>> receive();

  int socket_;
  std::unique_ptr<net::tls_channel> tls_;
  instant deadline_;
  std::array<char, 16'384> piece_{};
  /// Of the piece that came with the end of the handshake.
  std::span<const char> left_;
};

result<void> line::secure() {
  if (!tls_) return {};
  std::span<const char> arrived;
  for (std::vector<char> answer;; answer.clear()) {
    const auto progress = tls_->shake_hands(arrived, answer);
    if (const auto sent = send_all({answer.data(), answer.size()}); !sent) return sent;
    left_ = arrived;
    if (progress == net::tls_progress::fine) return {};
    if (progress != net::tls_progress::needs_bytes) return fail(errc::unavailable, tls_trouble(*tls_));
    const auto received = receive();
    if (!received) return fail(received.error());
    if (received->empty()) return fail(errc::unavailable, tls_trouble(*tls_));
    arrived = *received;
  }
}

result<void> line::write_all(std::string_view bytes) {
  if (!tls_) return send_all(bytes);
  std::vector<char> encrypted;
  if (!tls_->write(std::span{bytes}, encrypted)) return fail(errc::unavailable, tls_trouble(*tls_));
  return send_all({encrypted.data(), encrypted.size()});
}

result<void> line::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    if (const auto ready = wait_until_ready(socket_, POLLOUT, deadline_); !ready) return ready;
    const auto written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && !may_try_again()) return fail(errc::unavailable, system_text(errno));
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

result<std::span<const char>> line::receive() {
  if (!left_.empty()) return std::exchange(left_, {});
  while (true) {
    if (const auto ready = wait_until_ready(socket_, POLLIN, deadline_); !ready) return fail(ready.error());
    const auto received = ::recv(socket_, piece_.data(), piece_.size(), 0);
    if (received < 0 && !may_try_again()) return fail(errc::unavailable, system_text(errno));
    if (received >= 0) return std::span<const char>{piece_}.first(static_cast<std::size_t>(received));
  }
}

result<http_answer> line::read_answer() {
  std::string bytes;
  std::array<char, 16'384> record{};
  std::vector<char> ignored;
  while (true) {
    const auto received = receive();
    if (!received) return fail(received.error());
    auto arrived = *received;
    auto has_ended = arrived.empty();
    if (!tls_) bytes.append(arrived.data(), arrived.size());
    for (auto more = tls_ != nullptr; more;) {
      const auto [size, progress] = tls_->read(arrived, record, ignored);
      bytes.append(record.data(), size);
      more = progress == net::tls_progress::fine;
      has_ended |= !more && progress != net::tls_progress::needs_bytes;
    }
    auto answer = read_http_answer(bytes, has_ended);
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
  line connection{socket->number(), address->tls ? address->tls->begin() : nullptr, deadline};
  if (const auto secured = connection.secure(); !secured)
    return fail(secured.error().code, fmt::format("{}: {}", server.text(), secured.error().detail));
  if (const auto sent = connection.write_all(text_of(server, request)); !sent) return fail(sent.error());
  return connection.read_answer();
}

} // namespace parley::client
