// Another implementation of JSON Web Tokens is the witness that ours are what the rest of the world means by them.

#include "net/auth/token_issuer.hpp"
#include "net/auth/token_verifier.hpp"
#include "tests/unit/net/auth/signing_key.hpp"

#include <doctest/doctest.h>

#include <memory>

#include <rhonabwy.h>

using namespace parley;
using namespace parley::net;
using parley::testing::signing_key;

namespace {

struct rhonabwy {
  rhonabwy() { REQUIRE(r_global_init() == RHN_OK); }
  ~rhonabwy() { r_global_close(); }

  manual_clock time{from_millis(1'000'000'000)};

  std::string sign(jwa_alg algorithm, jwk_t* key) {
    jwt_t* token = nullptr;
    REQUIRE(r_jwt_init(&token) == RHN_OK);
    r_jwt_set_sign_alg(token, algorithm);
    r_jwt_set_claim_str_value(token, "sub", "ann");
    r_jwt_set_claim_int_value(token, "exp", 1'000'060);
    const std::unique_ptr<char, decltype(&r_free)> text{r_jwt_serialize_signed(token, key, 0), r_free};
    r_jwt_free(token);
    REQUIRE(text);
    return text.get();
  }

  static jwk_t* secret_key(std::string_view secret) {
    jwk_t* key = nullptr;
    REQUIRE(r_jwk_init(&key) == RHN_OK);
    REQUIRE(r_jwk_import_from_symmetric_key(key, reinterpret_cast<const unsigned char*>(secret.data()),
                                            secret.size()) == RHN_OK);
    return key;
  }

  static jwk_t* private_key(const std::string& pem) {
    jwk_t* key = nullptr;
    REQUIRE(r_jwk_init(&key) == RHN_OK);
    REQUIRE(r_jwk_import_from_pem_der(key, R_X509_TYPE_PRIVKEY, R_FORMAT_PEM,
                                      reinterpret_cast<const unsigned char*>(pem.data()), pem.size()) == RHN_OK);
    return key;
  }
};

} // namespace

TEST_CASE_FIXTURE(rhonabwy, "token: those of another implementation pass, with every kind of key") {
  auto* shared = secret_key("secret");
  CHECK(token_verifier::make({.hs256_secret = "secret"}, time)->verify(sign(R_JWA_ALG_HS256, shared)));
  r_jwk_free(shared);

  const std::pair<jwa_alg, signing_key> cases[] = {{R_JWA_ALG_RS256, signing_key::rsa()},
                                                   {R_JWA_ALG_ES256, signing_key::p256()},
                                                   {R_JWA_ALG_EDDSA, signing_key::ed25519()}};
  for (const auto& [algorithm, pair] : cases) {
    auto* key = private_key(pair.private_pem());
    const auto verified = token_verifier::make({.public_key = pair.public_pem()}, time)->verify(sign(algorithm, key));
    CHECK_MESSAGE(verified, verified.error().detail);
    r_jwk_free(key);
  }
}

TEST_CASE_FIXTURE(rhonabwy, "issuer: another implementation accepts its tokens") {
  auth_settings auth;
  auth.jwt = {.hs256_secret = "secret", .public_key = {}, .issuer = "i", .audience = "a"};
  const auto minted = token_issuer{auth, time}.mint(user_id{"ann"}, device_id{"phone"});
  auto* key = secret_key("secret");
  jwt_t* token = nullptr;
  REQUIRE(r_jwt_init(&token) == RHN_OK);
  REQUIRE(r_jwt_advanced_parse(token, minted.text.c_str(), R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) == RHN_OK);
  CHECK(r_jwt_verify_signature(token, key, R_FLAG_IGNORE_REMOTE) == RHN_OK);
  CHECK(std::string_view{r_jwt_get_claim_str_value(token, "sub")} == "ann");
  CHECK(std::string_view{r_jwt_get_claim_str_value(token, "device")} == "phone");
  CHECK(std::string_view{r_jwt_get_claim_str_value(token, "iss")} == "i");
  CHECK(std::string_view{r_jwt_get_claim_str_value(token, "aud")} == "a");
  CHECK(r_jwt_get_claim_int_value(token, "iat") == 1'000'000);
  r_jwt_free(token);
  r_jwk_free(key);
}
