#include "cluster/link/tls_files.hpp"

#include <memory>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace parley::cluster::link {

namespace {

tl::unexpected<error> refuse(const char* setting, const std::string& file, std::string_view what) {
  // Left behind, it would be taken for the reason of whatever fails next on this thread.
  const auto* const why = ERR_reason_error_string(ERR_peek_last_error());
  auto text = fmt::format("{} {}: {}", setting, file, what);
  if (why != nullptr) text += fmt::format(" ({})", why);
  ERR_clear_error();
  return fail(errc::invalid_argument, std::move(text), setting);
}

result<void> check_signature(SSL_CTX* context, const tls_files& files) {
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> check{X509_STORE_CTX_new(),
                                                                              X509_STORE_CTX_free};
  STACK_OF(X509)* between = nullptr;
  SSL_CTX_get0_chain_certs(context, &between);
  X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context), SSL_CTX_get0_certificate(context), between);
  if (X509_verify_cert(check.get()) == 1) return {};
  return refuse("cluster.certificate", files.certificate,
                fmt::format("not good for cluster.authority {}: {}", files.authority,
                            X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()))));
}

} // namespace

result<void> check_tls_files(const tls_files& files) {
  ERR_clear_error();
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_method()), SSL_CTX_free};
  if (!context) return fail(errc::internal, "OpenSSL does not start");
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return refuse("cluster.certificate", files.certificate, "cannot be read as a certificate");
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return refuse("cluster.key", files.key, "cannot be read as the key of the certificate");
  if (SSL_CTX_load_verify_locations(context.get(), files.authority.c_str(), nullptr) != 1)
    return refuse("cluster.authority", files.authority, "cannot be read as certificates");
  return check_signature(context.get(), files);
}

} // namespace parley::cluster::link
