#include "tools/certificates/certificate.hpp"

#include <memory>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace parley::certificates {

namespace {

constexpr long minute_s = 60;
constexpr int serial_bits = 127;
constexpr int version_3 = 2;

using memory_ptr = std::unique_ptr<BIO, decltype(&BIO_free)>;

tl::unexpected<error> refuse(std::string_view what) {
  const auto* const why = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return fail(errc::internal, why == nullptr ? std::string{what} : fmt::format("{}: {}", what, why));
}

std::string text_in(BIO* memory) {
  char* start = nullptr;
  const auto size = BIO_get_mem_data(memory, &start);
  return {start, static_cast<std::size_t>(size)};
}

memory_ptr over(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

bool give_serial(X509* to) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number{BN_new(), BN_free};
  return number && BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(to)) != nullptr;
}

} // namespace

result<key_ptr> new_key() {
  key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  if (!key) return refuse("no key was made");
  return key;
}

result<certificate_ptr> new_certificate(const key_ptr& key, const std::string& common_name, int days) {
  certificate_ptr made{X509_new(), X509_free};
  const auto* const name = reinterpret_cast<const unsigned char*>(common_name.c_str());
  if (!made || X509_set_version(made.get(), version_3) != 1 || !give_serial(made.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(made.get()), -5 * minute_s) == nullptr ||
      X509_time_adj_ex(X509_getm_notAfter(made.get()), days, 0, nullptr) == nullptr ||
      X509_set_pubkey(made.get(), key.get()) != 1 ||
      X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0) != 1)
    return refuse(fmt::format("no certificate for '{}'", common_name));
  return made;
}

result<void> add_extension(X509* to, X509* issuer, const extension& one) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made{
      X509V3_EXT_conf_nid(nullptr, &context, one.kind, one.value.c_str()), X509_EXTENSION_free};
  if (!made || X509_add_ext(to, made.get(), -1) != 1) return refuse(fmt::format("not in a certificate: {}", one.value));
  return {};
}

result<void> sign(X509* what, const identity& authority) {
  if (X509_set_issuer_name(what, X509_get_subject_name(authority.certificate.get())) == 1 &&
      X509_sign(what, authority.key.get(), EVP_sha256()) > 0)
    return {};
  return refuse("the certificate was not signed");
}

result<std::string> pem_of(X509* certificate) {
  const memory_ptr memory{BIO_new(BIO_s_mem()), BIO_free};
  if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return refuse("the certificate was not written");
  return text_in(memory.get());
}

result<std::string> pem_of(EVP_PKEY* key) {
  const memory_ptr memory{BIO_new(BIO_s_mem()), BIO_free};
  if (!memory || PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return refuse("the key was not written");
  return text_in(memory.get());
}

result<identity> read_identity(const std::string& certificate, const std::string& key) {
  identity read{{PEM_read_bio_X509(over(certificate).get(), nullptr, nullptr, nullptr), X509_free},
                {PEM_read_bio_PrivateKey(over(key).get(), nullptr, nullptr, nullptr), EVP_PKEY_free}};
  if (!read.certificate) return refuse("no certificate in PEM");
  if (!read.key) return refuse("no key in PEM");
  if (X509_check_private_key(read.certificate.get(), read.key.get()) != 1)
    return refuse("the key is not that of the certificate");
  return read;
}

} // namespace parley::certificates
