/// Certificates and keys of OpenSSL, as far as an authority of one's own needs them. What fails says so with OpenSSL's
/// reason, and leaves nothing behind in its list of errors.

#pragma once

#include <memory>
#include <string>

#include <openssl/types.h>
#include <parley/error.hpp>

namespace parley::certificates {

using key_ptr = std::shared_ptr<EVP_PKEY>;
using certificate_ptr = std::shared_ptr<X509>;

struct identity {
  certificate_ptr certificate;
  key_ptr key;
};

[[nodiscard]] result<key_ptr> new_key();

/// Good from five minutes ago, since clocks differ, with a random number; neither named, nor signed.
[[nodiscard]] result<certificate_ptr> new_certificate(const key_ptr& key, const std::string& common_name, int days);

struct extension {
  int kind = 0;
  std::string value;
};

/// As in `man x509v3_config`.
[[nodiscard]] result<void> add_extension(X509* to, X509* issuer, const extension& one);

[[nodiscard]] result<void> sign(X509* what, const identity& authority);

[[nodiscard]] result<std::string> pem_of(X509* certificate);
[[nodiscard]] result<std::string> pem_of(EVP_PKEY* key);

/// The key has to be that of the certificate.
[[nodiscard]] result<identity> read_identity(const std::string& certificate, const std::string& key);

} // namespace parley::certificates
