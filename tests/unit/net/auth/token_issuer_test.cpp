#include "net/auth/token_issuer.hpp"
#include "net/auth/token_verifier.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace parley;
using namespace parley::net;
using namespace std::chrono_literals;

namespace {

auth_settings with(jwt_settings jwt) {
  auth_settings auth;
  auth.jwt = std::move(jwt);
  auth.token_lifetime = 600s;
  return auth;
}

} // namespace

TEST_CASE("issuer: its tokens pass the verifier of the same settings") {
  manual_clock time{from_millis(1'000'000'500)};
  for (const auto& jwt : {jwt_settings{.hs256_secret = "s"}, jwt_settings{.hs256_secret = "s", .issuer = "say \"hi\""},
                          jwt_settings{.hs256_secret = "s", .issuer = "i", .audience = "a\\b"}}) {
    const auto token = token_issuer{with(jwt), time}.mint(user_id{"ann"}, device_id{"phone"});
    const auto verified = token_verifier::make(jwt, time)->verify(token.text);
    REQUIRE_MESSAGE(verified, verified.error().detail);
    CHECK(verified->user.value == "ann");
    CHECK(verified->device == device_id{"phone"});
    CHECK(verified->issued_at == from_millis(1'000'000'500));
    CHECK(verified->expires_at == from_millis(1'000'600'000));
    CHECK(verified->expires_at == token.expires_at);
  }
}

TEST_CASE("issuer: a token without a device works for every device") {
  manual_clock time;
  const jwt_settings jwt{.hs256_secret = "s"};
  const auto token = token_issuer{with(jwt), time}.mint(user_id{"ann"}, std::nullopt);
  CHECK_FALSE(token_verifier::make(jwt, time)->verify(token.text)->device);
}

TEST_CASE("issuer: its tokens expire") {
  manual_clock time;
  const jwt_settings jwt{.hs256_secret = "s"};
  const auto token = token_issuer{with(jwt), time}.mint(user_id{"ann"}, std::nullopt);
  time.advance(629s);
  CHECK(token_verifier::make(jwt, time)->verify(token.text));
  time.advance(1s);
  CHECK(token_verifier::make(jwt, time)->verify(token.text).error().code == errc::token_expired);
}

TEST_CASE("issuer: refresh tokens are all different and known by their digest") {
  std::set<std::string> texts;
  std::set<token_digest> digests;
  for (int i = 0; i < 100; ++i) {
    const auto token = make_refresh_token();
    CHECK(token.text.size() == 43);
    CHECK(digest_of_refresh(token.text) == token.digest);
    texts.insert(token.text);
    digests.insert(token.digest);
  }
  CHECK(texts.size() == 100);
  CHECK(digests.size() == 100);
}

TEST_CASE("issuer: what is no refresh token has no digest") {
  const auto token = make_refresh_token().text;
  for (const auto& text : {std::string{}, token + "A", token.substr(1), "=" + token.substr(1), std::string(43, ' ')}) {
    CHECK_FALSE(digest_of_refresh(text));
  }
}
