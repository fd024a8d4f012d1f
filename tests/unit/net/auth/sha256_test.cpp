#include "net/auth/sha256.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

TEST_CASE("sha256: it is the digest of FIPS 180-4") {
  const auto digest = sha256("abc");
  CHECK(digest[0] == 0xba);
  CHECK(digest[1] == 0x78);
  CHECK(digest[31] == 0xad);
  CHECK(sha256("")[0] == 0xe3);
  CHECK(sha256("abc") != sha256("abd"));
}
