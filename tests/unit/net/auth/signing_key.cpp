#include "tests/unit/net/auth/signing_key.hpp"

#include "net/auth/base64url.hpp"

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace parley::testing {

namespace {

using net::bytes_of;
using net::encode_base64url;

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

/// The two numbers of an ECDSA signature side by side.
std::string raw_of(const std::string& der) {
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  auto* numbers = d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size()));
  require(numbers != nullptr);
  std::string raw(64, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(numbers), out, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(numbers), out + 32, 32);
  ECDSA_SIG_free(numbers);
  return raw;
}

} // namespace

signing_key::signing_key(evp_pkey_st* key) : key_{key, EVP_PKEY_free} { require(key != nullptr); }

signing_key signing_key::rsa(unsigned bits) { return signing_key{EVP_RSA_gen(bits)}; }
signing_key signing_key::p256() { return signing_key{EVP_EC_gen("P-256")}; }
signing_key signing_key::p384() { return signing_key{EVP_EC_gen("P-384")}; }
signing_key signing_key::ed25519() { return signing_key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")}; }
signing_key signing_key::ed448() { return signing_key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")}; }

std::string signing_key::public_pem() const {
  auto* memory = BIO_new(BIO_s_mem());
  require(PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  return text_in(memory);
}

std::string signing_key::private_pem() const {
  auto* memory = BIO_new(BIO_s_mem());
  require(PEM_write_bio_PrivateKey(memory, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_in(memory);
}

std::string signing_key::sign(std::string_view text) const {
  const bool edwards = EVP_PKEY_is_a(key_.get(), "ED25519") == 1;
  auto* context = EVP_MD_CTX_new();
  require(EVP_DigestSignInit(context, nullptr, edwards ? nullptr : EVP_sha256(), nullptr, key_.get()) == 1);
  std::size_t size = 0;
  require(EVP_DigestSign(context, nullptr, &size, bytes_of(text).data(), text.size()) == 1);
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  require(EVP_DigestSign(context, out, &size, bytes_of(text).data(), text.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return EVP_PKEY_is_a(key_.get(), "EC") == 1 ? raw_of(signature) : signature;
}

std::string unsigned_text(std::string_view header, std::string_view payload) {
  return encode_base64url(bytes_of(header)) + '.' + encode_base64url(bytes_of(payload));
}

std::string token_of(std::string_view header, std::string_view payload, const signing_key& key) {
  const auto text = unsigned_text(header, payload);
  return text + '.' + encode_base64url(bytes_of(key.sign(text)));
}

std::string token_of(std::string_view header, std::string_view payload, std::string_view secret) {
  const auto text = unsigned_text(header, payload);
  unsigned char code[32];
  require(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text).data(), text.size(), code,
               nullptr) != nullptr);
  return text + '.' + encode_base64url(code);
}

} // namespace parley::testing
