#include "tests/system/tls_layer.hpp"

#include <array>
#include <csignal>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace parley::tests {

tls_layer::tls_layer(int socket, const tls_options& options)
    : context_{SSL_CTX_new(TLS_client_method()), SSL_CTX_free} {
  // OpenSSL cannot be told that a server which has gone is no reason to end the program.
  std::signal(SIGPIPE, SIG_IGN);
  if (!options.authority.empty()) {
    if (SSL_CTX_load_verify_locations(context_.get(), options.authority.c_str(), nullptr) != 1)
      throw std::runtime_error{"no such authority: " + options.authority};
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (options.version_max != 0) SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
  ssl_ = {SSL_new(context_.get()), SSL_free};
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), "127.0.0.1");
  constexpr std::array<unsigned char, 9> protocol{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_set_alpn_protos(ssl_.get(), protocol.data(), protocol.size());
  if (options.session) SSL_set_session(ssl_.get(), options.session.get());
  SSL_set_fd(ssl_.get(), socket);
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) == 1) return;
  const auto* const why = ERR_reason_error_string(ERR_peek_last_error());
  throw std::runtime_error{std::string{"no TLS: "} + (why != nullptr ? why : "the server has ended the connection")};
}

bool tls_layer::write(std::string_view bytes) {
  ERR_clear_error();
  return bytes.empty() || SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool tls_layer::has_some() const { return SSL_pending(ssl_.get()) > 0; }

std::string tls_layer::read_some(std::size_t bytes) {
  ERR_clear_error();
  std::string text(bytes, '\0');
  const auto count = SSL_read(ssl_.get(), text.data(), static_cast<int>(text.size()));
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

void tls_layer::end() { SSL_shutdown(ssl_.get()); }

std::string tls_layer::version() const { return SSL_get_version(ssl_.get()); }

std::string tls_layer::server_name() const {
  std::array<char, 100> name{};
  const auto* const certificate = SSL_get0_peer_certificate(ssl_.get());
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  return name.data();
}

bool tls_layer::is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

bool tls_layer::was_ended_properly() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

std::shared_ptr<ssl_session_st> tls_layer::session() const { return {SSL_get1_session(ssl_.get()), SSL_SESSION_free}; }

} // namespace parley::tests
