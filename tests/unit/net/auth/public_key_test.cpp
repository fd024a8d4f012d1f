#include "net/auth/public_key.hpp"
#include "tests/unit/net/auth/signing_key.hpp"

#include <doctest/doctest.h>

#include <openssl/err.h>

using namespace parley;
using namespace parley::net;
using parley::testing::signing_key;

TEST_CASE("public key: the kind of key decides the algorithm") {
  CHECK(public_key::load(signing_key::rsa().public_pem())->algorithm() == "RS256");
  CHECK(public_key::load(signing_key::p256().public_pem())->algorithm() == "ES256");
  CHECK(public_key::load(signing_key::ed25519().public_pem())->algorithm() == "EdDSA");
}

TEST_CASE("public key: weak and unknown keys are refused") {
  for (const auto& key : {signing_key::rsa(1024), signing_key::p384(), signing_key::ed448()}) {
    const auto loaded = public_key::load(key.public_pem());
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail == "the public key is none of RSA (2048 bits or more), P-256 and Ed25519");
  }
}

TEST_CASE("public key: a private key, or none at all, is refused") {
  const auto pem = signing_key::ed25519().public_pem();
  for (const auto& text : {signing_key::ed25519().private_pem(), std::string{"-----BEGIN PUBLIC KEY-----\n"},
                           pem.substr(0, pem.size() / 2), std::string{"/nowhere.pem"}, std::string{"/tmp"}}) {
    const auto loaded = public_key::load(text);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == errc::invalid_argument);
  }
}

TEST_CASE("public key: failures leave nothing on OpenSSL's error queue") {
  const auto key = public_key::load(signing_key::p256().public_pem());
  CHECK_FALSE(key->verifies("text", std::string(64, 'x')));
  CHECK_FALSE(public_key::load("-----BEGIN PUBLIC KEY-----\nx"));
  CHECK(ERR_peek_error() == 0);
}
