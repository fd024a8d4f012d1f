/// TLS as a client speaks it to one server: whom it trusts, and under which name the server has to be known to them.

#pragma once

#include <memory>
#include <string>

#include <parley/error.hpp>

#include "net/tls/tls_channel.hpp"

struct ssl_ctx_st;

namespace parley::client {

class tls_client {
public:
  /// `authority` is a PEM file; empty: whom this machine trusts. `invalid_argument` when it cannot be read.
  [[nodiscard]] static result<std::shared_ptr<const tls_client>> make(const std::string& host,
                                                                      const std::string& authority);

  /// The client's end of a new connection.
  [[nodiscard]] std::unique_ptr<net::tls_channel> begin() const;

private:
  tls_client(std::shared_ptr<ssl_ctx_st> context, std::string host)
      : context_{std::move(context)}, host_{std::move(host)} {}

  std::shared_ptr<ssl_ctx_st> context_;
  std::string host_;
};

/// What there is to say of a connection that could not be secured.
[[nodiscard]] std::string tls_trouble(const net::tls_channel& channel);

} // namespace parley::client
