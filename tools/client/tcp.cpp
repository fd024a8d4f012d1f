#include "tools/client/tcp.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <unistd.h>

namespace parley::client {

descriptor& descriptor::operator=(descriptor&& from) noexcept {
  std::swap(number_, from.number_);
  return *this;
}

descriptor::~descriptor() {
  if (is_open()) ::close(number_);
}

bool tcp_address::is_loopback() const {
  if (where.ss_family == AF_INET)
    return ntohl(reinterpret_cast<const sockaddr_in&>(where).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
  return where.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(where).sin6_addr);
}

result<tcp_address> resolve(const server_url& url) {
  addrinfo wish{};
  wish.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto port = std::to_string(url.port);
  if (const auto code = ::getaddrinfo(url.host.c_str(), port.c_str(), &wish, &found); code != 0)
    return fail(errc::unavailable, fmt::format("{}: {}", url.text(), ::gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};

  tcp_address address;
  address.length = found->ai_addrlen;
  std::memcpy(&address.where, found->ai_addr, found->ai_addrlen);
  address.tls = url.tls;
  return address;
}

result<descriptor> begin_connect(const tcp_address& to, const tcp_address* from) {
  descriptor socket{::socket(to.where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!socket.is_open()) return fail(errc::unavailable, system_text(errno));

  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (from != nullptr) {
    // The port is chosen when the other end is known; otherwise each would be taken from all destinations.
    ::setsockopt(socket.number(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&from->where), from->length) != 0)
      return fail(errc::unavailable, system_text(errno));
  }
  const auto decided = ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&to.where), to.length);
  if (decided != 0 && errno != EINPROGRESS) return fail(errc::unavailable, system_text(errno));
  return socket;
}

int pending_error(int socket) {
  int number = 0;
  socklen_t length = sizeof number;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &length);
  return number;
}

std::string system_text(int number) { return std::generic_category().message(number); }

} // namespace parley::client
