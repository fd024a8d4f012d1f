#include "net/auth/password.hpp"

#include <doctest/doctest.h>

#include <sodium.h>

using namespace parley::net;

TEST_CASE("password: a hash knows its password and no other") {
  REQUIRE(sodium_init() >= 0);
  const auto hash = hash_password("correct horse");
  REQUIRE(hash);
  CHECK(hash->starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  CHECK(is_password(*hash, "correct horse"));
  CHECK_FALSE(is_password(*hash, "correct horsf"));
  CHECK_FALSE(is_password(*hash, ""));
  CHECK_FALSE(needs_rehash(*hash));
}

TEST_CASE("password: two hashes of one password differ") {
  REQUIRE(sodium_init() >= 0);
  CHECK(*hash_password("correct horse") != *hash_password("correct horse"));
}

TEST_CASE("password: a hash of another cost is noticed, and one that is damaged fits nothing") {
  REQUIRE(sodium_init() >= 0);
  char cheap[crypto_pwhash_STRBYTES];
  REQUIRE(crypto_pwhash_str(cheap, "x", 1, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN) == 0);
  CHECK(needs_rehash(cheap));
  CHECK(is_password(cheap, "x"));
  for (const auto* damaged : {"", "$argon2id$", "plain", "$argon2id$v=19$m=65536,t=2,p=1$AAAA$AAAA"}) {
    CHECK_FALSE(is_password(damaged, "x"));
  }
}
