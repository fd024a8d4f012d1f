#include "tests/unit/net/tls/certificates.hpp"

#include <fstream>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tools/certificates/certificate.hpp"

namespace parley::testing {

namespace {

using certificates::add_extension;
using certificates::identity;

void require(bool done) {
  if (!done) throw std::runtime_error{"OpenSSL failed"};
}

template <class T> T value_of(result<T> made) {
  require(made.has_value());
  return *std::move(made);
}

/// Not signed yet.
identity new_identity(const std::string& name, int days) {
  auto key = value_of(certificates::new_key());
  return {value_of(certificates::new_certificate(key, name, days)), key};
}

issued_certificate in_pem(const identity& issued) {
  return {value_of(certificates::pem_of(issued.certificate.get())), value_of(certificates::pem_of(issued.key.get()))};
}

} // namespace

certificate_authority::certificate_authority()
    : self_{std::make_shared<const identity>(new_identity("Test authority", 30))} {
  auto* const own = self_->certificate.get();
  require(add_extension(own, own, {NID_basic_constraints, "critical,CA:TRUE"}).has_value());
  require(add_extension(own, own, {NID_key_usage, "critical,keyCertSign"}).has_value());
  require(certificates::sign(own, *self_).has_value());
}

std::string certificate_authority::certificate() const { return in_pem(*self_).cert; }

issued_certificate certificate_authority::issue(const std::string& name, int days) const {
  const auto made = new_identity(name, days);
  auto* const certificate = made.certificate.get();
  require(add_extension(certificate, self_->certificate.get(), {NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost"})
              .has_value());
  require(certificates::sign(certificate, *self_).has_value());
  return in_pem(made);
}

std::string encrypted(const std::string& key) {
  auto* from = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
  const std::shared_ptr<EVP_PKEY> read{PEM_read_bio_PrivateKey(from, nullptr, nullptr, nullptr), EVP_PKEY_free};
  BIO_free(from);
  require(read != nullptr);
  auto* memory = BIO_new(BIO_s_mem());
  unsigned char password[] = "password";
  require(PEM_write_bio_PrivateKey(memory, read.get(), EVP_aes_128_cbc(), password, 8, nullptr, nullptr) == 1);
  char* start = nullptr;
  const auto size = BIO_get_mem_data(memory, &start);
  std::string text{start, static_cast<std::size_t>(size)};
  BIO_free(memory);
  return text;
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
