/// A TCP connection to a server, with TLS if its url says so, for bytes that no proper client would send. Blocking,
/// with a deadline.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/system/deadline.hpp"
#include "tests/system/tls_layer.hpp"

namespace parley::tests {

class tcp_stream {
public:
  /// `url` as `http://HOST:PORT`, or `https`. Throws when nobody listens there, or the two do not agree on TLS.
  explicit tcp_stream(const std::string& url, const tls_options& tls = {});
  tcp_stream(const tcp_stream&) = delete;
  tcp_stream& operator=(const tcp_stream&) = delete;
  ~tcp_stream();

  /// False when the other side does not take it any more.
  bool write(std::string_view bytes);
  /// What comes next, at least one byte; empty: the other side has ended. Throws at the deadline.
  [[nodiscard]] std::string read_some(deadline until = deadline{});
  /// Everything until the other side ends.
  [[nodiscard]] std::string read_to_end(deadline until = deadline{});
  /// No more bytes come from here; reading goes on.
  void end_writing();
  /// Breaks the connection off, as a device does that loses its network.
  void reset();

  /// Bytes past TLS, straight into the socket.
  bool write_below_tls(std::string_view bytes);
  /// Only of a url with `https`.
  [[nodiscard]] tls_layer& tls() { return *tls_; }

private:
  int socket_ = -1;
  std::unique_ptr<tls_layer> tls_;
};

/// `HOST:PORT` of a url.
[[nodiscard]] std::string authority_of(const std::string& url);
[[nodiscard]] bool has_tls(const std::string& url);

} // namespace parley::tests
