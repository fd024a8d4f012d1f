#include "tests/unit/net/tls/certificates.hpp"

#include <atomic>
#include <fstream>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace parley::testing {

namespace {

constexpr long day_s = 24L * 3'600;

void require(bool done) {
  if (!done) throw std::runtime_error{"OpenSSL failed"};
}

std::string text_in(BIO* memory) {
  char* start = nullptr;
  const auto size = BIO_get_mem_data(memory, &start);
  std::string text{start, static_cast<std::size_t>(size)};
  BIO_free(memory);
  return text;
}

std::string pem_of(X509* certificate) {
  auto* memory = BIO_new(BIO_s_mem());
  require(PEM_write_bio_X509(memory, certificate) == 1);
  return text_in(memory);
}

std::string pem_of(EVP_PKEY* key) {
  auto* memory = BIO_new(BIO_s_mem());
  require(PEM_write_bio_PrivateKey(memory, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_in(memory);
}

std::shared_ptr<EVP_PKEY> new_key() {
  std::shared_ptr<EVP_PKEY> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  require(key != nullptr);
  return key;
}

void add_extension(X509* to, int kind, const char* value) {
  auto* made = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  require(made != nullptr && X509_add_ext(to, made, -1) == 1);
  X509_EXTENSION_free(made);
}

/// Not signed yet.
std::shared_ptr<X509> new_certificate(const std::string& name, EVP_PKEY* key, int days) {
  static std::atomic<long> serial{1};
  std::shared_ptr<X509> made{X509_new(), X509_free};
  require(made != nullptr);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -100 * day_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), days * day_s);
  X509_set_pubkey(made.get(), key);
  const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
  return made;
}

} // namespace

certificate_authority::certificate_authority() : key_{new_key()} {
  certificate_ = new_certificate("Test authority", key_.get(), 30);
  add_extension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate_.get(), NID_key_usage, "critical,keyCertSign");
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  require(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
}

std::string certificate_authority::certificate() const { return pem_of(certificate_.get()); }

issued_certificate certificate_authority::issue(const std::string& name, int days) const {
  const auto key = new_key();
  const auto made = new_certificate(name, key.get(), days);
  add_extension(made.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  require(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0);
  return {pem_of(made.get()), pem_of(key.get())};
}

std::string encrypted(const std::string& key) {
  auto* from = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
  const std::shared_ptr<EVP_PKEY> read{PEM_read_bio_PrivateKey(from, nullptr, nullptr, nullptr), EVP_PKEY_free};
  BIO_free(from);
  require(read != nullptr);
  auto* memory = BIO_new(BIO_s_mem());
  unsigned char password[] = "password";
  require(PEM_write_bio_PrivateKey(memory, read.get(), EVP_aes_128_cbc(), password, 8, nullptr, nullptr) == 1);
  return text_in(memory);
}

void put_file(const std::filesystem::path& path, const std::string& text) {
  const auto draft = path.string() + ".new";
  std::ofstream{draft, std::ios::binary} << text;
  std::filesystem::rename(draft, path);
}

tls_settings put_pair(const std::filesystem::path& folder, const issued_certificate& pair) {
  tls_settings files{(folder / "cert.pem").string(), (folder / "key.pem").string()};
  put_file(files.cert, pair.cert);
  put_file(files.key, pair.key);
  return files;
}

} // namespace parley::testing
