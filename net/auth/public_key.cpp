#include "net/auth/public_key.hpp"

#include "net/auth/base64url.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <fstream>
#include <optional>
#include <sstream>

namespace parley::net {

namespace {

constexpr std::string_view rs256 = "RS256";
constexpr std::string_view es256 = "ES256";
constexpr std::string_view eddsa = "EdDSA";

template <auto Free> struct freed_by {
  template <class T> void operator()(T* object) const { Free(object); }
};

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using md_ctx_ptr = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;
using ecdsa_sig_ptr = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;

/// Takes our failures off OpenSSL's error queue, where the TLS sockets of the same thread would find them.
struct quiet_errors {
  quiet_errors() { ERR_set_mark(); }
  ~quiet_errors() { ERR_pop_to_mark(); }
  quiet_errors(const quiet_errors&) = delete;
  quiet_errors& operator=(const quiet_errors&) = delete;
};

result<std::string> pem_text(const std::string& pem_or_path) {
  if (pem_or_path.find("-----BEGIN") != std::string::npos) return pem_or_path;
  std::ifstream file{pem_or_path};
  std::ostringstream text;
  // Reading an empty file or a folder fails too.
  if (!file || !(text << file.rdbuf())) {
    return fail(errc::invalid_argument, fmt::format("the public key {} cannot be read", pem_or_path));
  }
  return text.str();
}

bool on_p256(const EVP_PKEY* key) {
  char curve[32] = {};
  return EVP_PKEY_get_group_name(key, curve, sizeof curve, nullptr) == 1 &&
         std::string_view{curve} == SN_X9_62_prime256v1;
}

std::optional<std::string_view> algorithm_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
  case EVP_PKEY_RSA: return EVP_PKEY_get_bits(key) >= 2048 ? std::optional{rs256} : std::nullopt;
  case EVP_PKEY_EC: return on_p256(key) ? std::optional{es256} : std::nullopt;
  case EVP_PKEY_ED25519: return eddsa;
  default: return std::nullopt;
  }
}

/// A JWS has the two numbers of an ECDSA signature side by side, OpenSSL wants them in DER.
std::string der_of(std::string_view signature) {
  if (signature.size() != 64) return {};
  const auto bytes = bytes_of(signature);
  const ecdsa_sig_ptr numbers{ECDSA_SIG_new()};
  ECDSA_SIG_set0(numbers.get(), BN_bin2bn(bytes.data(), 32, nullptr), BN_bin2bn(bytes.data() + 32, 32, nullptr));
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &out);
  if (size <= 0) return {};
  std::string der{reinterpret_cast<char*>(out), static_cast<std::size_t>(size)};
  OPENSSL_free(out);
  return der;
}

} // namespace

public_key::public_key(std::shared_ptr<evp_pkey_st> key, std::string_view algorithm)
    : key_{std::move(key)}, algorithm_{algorithm} {}

result<public_key> public_key::load(const std::string& pem_or_path) {
  const quiet_errors quiet;
  const auto pem = pem_text(pem_or_path);
  if (!pem) return fail(pem.error());
  const bio_ptr reader{BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size()))};
  std::shared_ptr<EVP_PKEY> key{PEM_read_bio_PUBKEY(reader.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  if (!key) return fail(errc::invalid_argument, "the public key is not in the form -----BEGIN PUBLIC KEY-----");
  const auto algorithm = algorithm_of(key.get());
  if (!algorithm) {
    return fail(errc::invalid_argument, "the public key is none of RSA (2048 bits or more), P-256 and Ed25519");
  }
  return public_key{std::move(key), *algorithm};
}

bool public_key::verifies(std::string_view text, std::string_view signature) const {
  const quiet_errors quiet;
  const auto der = algorithm_ == es256 ? der_of(signature) : std::string{};
  const auto proof = bytes_of(algorithm_ == es256 ? der : signature);
  const auto* digest = algorithm_ == eddsa ? nullptr : EVP_sha256(); // Ed25519 hashes by itself
  const md_ctx_ptr context{EVP_MD_CTX_new()};
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1) return false;
  const auto content = bytes_of(text);
  return EVP_DigestVerify(context.get(), proof.data(), proof.size(), content.data(), content.size()) == 1;
}

} // namespace parley::net
