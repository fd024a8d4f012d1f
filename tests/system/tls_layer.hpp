/// The client's side of TLS on a connected socket, by OpenSSL. Blocking, with the deadlines of its `tcp_stream`.

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/system/deadline.hpp"

struct ssl_ctx_st;
struct ssl_st;
struct ssl_session_st;

namespace parley::tests {

struct tls_options {
  /// PEM file of the authority that the server's certificate must come from; empty: whoever answers.
  std::string authority;
  int version_max = 0;
  /// From an earlier connection.
  std::shared_ptr<ssl_session_st> session;
};

class tls_layer {
public:
  /// Shakes hands. Throws `std::runtime_error` when the two do not agree.
  tls_layer(int socket, const tls_options& options);

  /// One record, if it is not larger than one may be. False when the other side does not take it any more.
  bool write(std::string_view bytes);
  /// Something is decrypted already.
  [[nodiscard]] bool has_some() const;
  /// As much of what has come as `bytes` has room for; empty: it has ended, properly or not.
  [[nodiscard]] std::string read_some(std::size_t bytes);
  /// Says goodbye.
  void end();

  [[nodiscard]] std::string version() const;
  /// The common name in the server's certificate.
  [[nodiscard]] std::string server_name() const;
  [[nodiscard]] bool is_resumed() const;
  /// The server has said goodbye before it ended.
  [[nodiscard]] bool was_ended_properly() const;
  [[nodiscard]] std::shared_ptr<ssl_session_st> session() const;

private:
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> ssl_;
};

} // namespace parley::tests
