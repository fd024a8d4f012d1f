/// A plain TCP connection to a server, for bytes that no proper client would send. Blocking, with a deadline.

#pragma once

#include <string>
#include <string_view>

#include "tests/system/deadline.hpp"

namespace parley::tests {

class tcp_stream {
public:
  /// `url` as `http://HOST:PORT`. Throws when nobody listens there.
  explicit tcp_stream(const std::string& url);
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

private:
  int socket_ = -1;
};

/// `HOST:PORT` of a url.
[[nodiscard]] std::string authority_of(const std::string& url);

} // namespace parley::tests
