#include "cluster/link/dialer.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "cluster/link/address.hpp"

namespace parley::cluster::link {

namespace {

using clock = std::chrono::steady_clock;
using dialled = tl::expected<std::shared_ptr<socket_owner>, dial_failure>;

tl::unexpected<dial_failure> failure(const std::string& address, int number) {
  auto reason = down_reason::unreachable;
  if (number == ECONNREFUSED || number == ECONNRESET) reason = down_reason::refused;
  if (number == ETIMEDOUT) reason = down_reason::timed_out;
  return tl::unexpected{
      dial_failure{reason, fmt::format("{}: {}", address, std::error_code{number, std::generic_category()}.message())}};
}

/// 0, or the error's number.
int finish_connecting(int socket, clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    pollfd watched{.fd = socket, .events = POLLOUT, .revents = 0};
    const auto count = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (count < 0 && errno != EINTR) return errno;
    if (count <= 0) continue;
    int number = 0;
    socklen_t size = sizeof number;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) != 0) return errno;
    return number;
  }
}

dialled dial_one(const addrinfo& where, const std::string& address, clock::time_point until) {
  auto owner = std::make_shared<socket_owner>(
      ::socket(where.ai_family, where.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where.ai_protocol));
  if (owner->get() < 0) return failure(address, errno);
  if (::connect(owner->get(), where.ai_addr, where.ai_addrlen) != 0) {
    const auto number = errno == EINPROGRESS ? finish_connecting(owner->get(), until) : errno;
    if (number != 0) return failure(address, number);
  }
  return owner;
}

} // namespace

dialled dial(const std::string& address, std::chrono::milliseconds patience) {
  const auto until = clock::now() + patience;
  const auto split = split_address(address);
  if (!split) return tl::unexpected{dial_failure{down_reason::unreachable, split.error().detail}};
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto trouble = ::getaddrinfo(split->host.c_str(), std::to_string(split->port).c_str(), &wanted, &found);
  if (trouble != 0)
    return tl::unexpected{
        dial_failure{down_reason::unreachable, fmt::format("{}: {}", address, gai_strerror(trouble))}};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all{found, ::freeaddrinfo};
  dialled last = failure(address, EHOSTUNREACH);
  for (const auto* one = all.get(); one != nullptr && !last; one = one->ai_next) last = dial_one(*one, address, until);
  return last;
}

} // namespace parley::cluster::link
