#include "tools/client/tls_client.hpp"

#include <array>
#include <new>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace parley::client {

namespace {

constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

} // namespace

result<std::shared_ptr<const tls_client>> tls_client::make(const std::string& host, const std::string& authority) {
  std::shared_ptr<SSL_CTX> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
  if (!context) throw std::bad_alloc{};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_alpn_protos(context.get(), http_1_1.data(), http_1_1.size());
  const auto trusts = authority.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                        : SSL_CTX_load_verify_locations(context.get(), authority.c_str(), nullptr);
  ERR_clear_error();
  if (trusts != 1) return fail(errc::invalid_argument, authority + " holds no certificate of an authority", "ca");
  return std::shared_ptr<const tls_client>{new tls_client{std::move(context), host}};
}

std::unique_ptr<net::tls_channel> tls_client::begin() const {
  net::ssl_ptr connection{SSL_new(context_.get())};
  if (!connection) throw std::bad_alloc{};
  auto* const wanted = SSL_get0_param(connection.get());
  // An address is looked for among addresses, a name among names; only names are told to the server.
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host_.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(wanted, host_.c_str(), host_.size());
    SSL_set_tlsext_host_name(connection.get(), host_.c_str());
  }
  SSL_set_connect_state(connection.get());
  return std::make_unique<net::tls_channel>(std::move(connection));
}

std::string tls_trouble(const net::tls_channel& channel) {
  const auto why = channel.why_untrusted();
  return why.empty() ? "the server does not speak TLS as we do" : "the server's certificate: " + std::string{why};
}

} // namespace parley::client
