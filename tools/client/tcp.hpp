/// Plain TCP without waiting: a descriptor that closes itself, and how to get one.

#pragma once

#include <memory>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include <parley/error.hpp>

#include "tools/client/server_url.hpp"

namespace parley::client {

/// Owns an open file.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int number) : number_{number} {}
  descriptor(descriptor&& from) noexcept : number_{std::exchange(from.number_, -1)} {}
  descriptor& operator=(descriptor&& from) noexcept;
  ~descriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
  int number_ = -1;
};

/// A numeric address, and what is spoken there.
struct tcp_address {
  sockaddr_storage where{};
  socklen_t length = 0;
  /// Null: no TLS.
  std::shared_ptr<const tls_client> tls{};

  [[nodiscard]] bool is_loopback() const;
};

/// Looks the host up; may wait for a name server. `unavailable` when there is no such host.
[[nodiscard]] result<tcp_address> resolve(const server_url& url);

/// Begins to connect and does not wait: the socket turns writable when it is decided, and `pending_error` tells how.
[[nodiscard]] result<descriptor> begin_connect(const tcp_address& to, const tcp_address* from = nullptr);

/// The socket's own trouble: 0, or an `errno`.
[[nodiscard]] int pending_error(int socket);

/// The text that belongs to an `errno`.
[[nodiscard]] std::string system_text(int number);

} // namespace parley::client
