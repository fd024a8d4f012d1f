#include "tests/system/tcp_stream.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace parley::tests {

std::string authority_of(const std::string& url) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (url.starts_with(scheme)) return url.substr(scheme.size());
  throw std::runtime_error{"not an http url: " + url};
}

bool has_tls(const std::string& url) { return url.starts_with("https://"); }

tcp_stream::tcp_stream(const std::string& url, const tls_options& tls) {
  const auto place = authority_of(url);
  const auto colon = place.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(place.substr(colon + 1))));
  inet_pton(AF_INET, place.substr(0, colon).c_str(), &address.sin_addr);
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const auto why = errno;
    if (socket_ >= 0) close(socket_);
    throw std::system_error{why, std::generic_category(), "cannot connect to " + url};
  }
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!has_tls(url)) return;
  // What is readable may be a part of a record.
  const timeval patience{std::chrono::duration_cast<std::chrono::seconds>(default_patience).count(), 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  try {
    tls_ = std::make_unique<tls_layer>(socket_, tls);
  } catch (...) {
    close(socket_);
    throw;
  }
}

tcp_stream::~tcp_stream() {
  if (socket_ >= 0) close(socket_);
}

bool tcp_stream::write(std::string_view bytes) { return tls_ ? tls_->write(bytes) : write_below_tls(bytes); }

bool tcp_stream::write_below_tls(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string tcp_stream::read_some(deadline until) {
  pollfd readable{socket_, POLLIN, 0};
  const auto has_some = tls_ && tls_->has_some();
  if (!has_some && poll(&readable, 1, until.left_ms()) <= 0) throw std::runtime_error{"nothing came in time"};
  if (tls_) return tls_->read_some(65'536);
  std::string bytes(65'536, '\0');
  const auto count = recv(socket_, bytes.data(), bytes.size(), 0);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

std::string tcp_stream::read_to_end(deadline until) {
  std::string all;
  for (;;) {
    const auto more = read_some(until);
    if (more.empty()) return all;
    all += more;
  }
}

void tcp_stream::end_writing() { shutdown(socket_, SHUT_WR); }

void tcp_stream::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(socket_);
  socket_ = -1;
}

} // namespace parley::tests
