#include "net/auth/bearer_token.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

TEST_CASE("bearer token: the scheme is read in either case, and spaces before the token are not part of it") {
  CHECK(bearer_token("Bearer abc") == "abc");
  CHECK(bearer_token("bEARER   abc") == "abc");
  CHECK(bearer_token("Bearer ") == "");
}

TEST_CASE("bearer token: other schemes have none") {
  for (const auto* header : {"", "Bearer", "Basic abc", "Bearerabc", "abc"}) {
    CAPTURE(header);
    CHECK_FALSE(bearer_token(header));
  }
}
