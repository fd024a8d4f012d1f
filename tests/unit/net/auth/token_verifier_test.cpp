#include "net/auth/token_verifier.hpp"
#include "tests/unit/net/auth/signing_key.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace parley;
using namespace parley::net;
using namespace parley::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto secret = "a secret of thirty-two characters";
constexpr auto hs256 = R"({"alg":"HS256","typ":"JWT"})";

/// The clock of the verifier stands at second 1'000'000.
struct verifying {
  manual_clock time{from_millis(1'000'000'000)};

  result<claims> verify(std::string_view payload, jwt_settings jwt = {.hs256_secret = secret}) {
    return token_verifier::make(jwt, time)->verify(token_of(hs256, payload, jwt.hs256_secret));
  }

  errc code_of(std::string_view payload, const jwt_settings& jwt = {.hs256_secret = secret}) {
    const auto verified = verify(payload, jwt);
    REQUIRE_MESSAGE(!verified, payload);
    return verified.error().code;
  }
};

} // namespace

TEST_CASE_FIXTURE(verifying, "token: all claims arrive") {
  const auto verified = verify(R"({"sub":"ann","device":"phone","exp":1000060,"iat":999000,"x":{"y":[1]}})");
  REQUIRE(verified);
  CHECK(verified->user.value == "ann");
  CHECK(verified->device->value == "phone");
  CHECK(verified->expires_at == from_millis(1'000'060'000));
  CHECK(verified->issued_at == from_millis(999'000'000));
}

TEST_CASE_FIXTURE(verifying, "token: device and iat may be missing, and times may have fractions") {
  const auto verified = verify(R"({"sub":"ann","exp":1000060.75})");
  REQUIRE(verified);
  CHECK_FALSE(verified->device);
  CHECK(verified->expires_at == from_millis(1'000'060'000));
  CHECK(verified->issued_at == timestamp{});
}

TEST_CASE_FIXTURE(verifying, "token: it lasts thirty seconds longer than it says") {
  CHECK(verify(R"({"sub":"ann","exp":1000000})"));
  CHECK(verify(R"({"sub":"ann","exp":999971})"));
  CHECK(code_of(R"({"sub":"ann","exp":999970})") == errc::token_expired);
  CHECK(code_of(R"({"sub":"ann","exp":0})") == errc::token_expired);
}

TEST_CASE_FIXTURE(verifying, "token: it starts at most thirty seconds earlier than it says") {
  CHECK(verify(R"({"sub":"ann","exp":2000000,"nbf":1000030})"));
  CHECK(code_of(R"({"sub":"ann","exp":2000000,"nbf":1000031})") == errc::unauthenticated);
}

TEST_CASE_FIXTURE(verifying, "token: bad claims are refused") {
  for (const auto* payload : {
           R"({"exp":1000060})",
           R"({"sub":"","exp":1000060})",
           R"({"sub":"-ann","exp":1000060})",
           R"({"sub":"ann smith","exp":1000060})",
           "{\"sub\":\"ann\\u0000\",\"exp\":1000060}",
           R"({"sub":7,"exp":1000060})",
           R"({"sub":null,"exp":1000060})",
           R"({"sub":["ann"],"exp":1000060})",
           R"({"sub":"ann"})",
           R"({"sub":"ann","exp":null})",
           R"({"sub":"ann","exp":"1000060"})",
           R"({"sub":"ann","exp":-1})",
           R"({"sub":"ann","exp":1e300})",
           R"({"sub":"ann","exp":18446744073709551615})",
           R"({"sub":"ann","exp":1790000000000})", // milliseconds
           R"({"sub":"ann","exp":1000060,"nbf":"now"})",
           R"({"sub":"ann","exp":1000060,"iat":"now"})",
           R"({"sub":"ann","exp":1000060,"device":""})",
           R"({"sub":"ann","exp":1000060,"device":"my phone"})",
           R"({"sub":"ann","exp":1000060,"device":7})",
           R"({"sub":"ann","exp":1000060,"iss":7})",
           R"({"sub":"ann","exp":1000060,"aud":7})",
           R"({"sub":"ann","exp":1000060,"aud":["a",7]})",
           R"({"sub":"ann","exp":1000060)",
           R"({"sub":"ann","exp":1000060}x)",
           R"(["ann",1000060])",
           R"("ann")",
           "",
       }) {
    CHECK(code_of(payload) == errc::unauthenticated);
  }
}

TEST_CASE_FIXTURE(verifying, "token: bad claims outweigh its age") {
  CHECK(code_of(R"({"sub":"-","exp":1})") == errc::unauthenticated);
}

TEST_CASE_FIXTURE(verifying, "token: the issuer is checked when one is set") {
  const jwt_settings jwt{.hs256_secret = secret, .issuer = "https://id"};
  CHECK(verify(R"({"sub":"ann","exp":1000060,"iss":"https://id"})", jwt));
  CHECK(code_of(R"({"sub":"ann","exp":1000060,"iss":"https://id/"})", jwt) == errc::unauthenticated);
  CHECK(code_of(R"({"sub":"ann","exp":1000060})", jwt) == errc::unauthenticated);
}

TEST_CASE_FIXTURE(verifying, "token: the audience is checked when one is set, alone or among others") {
  const jwt_settings jwt{.hs256_secret = secret, .audience = "chat"};
  CHECK(verify(R"({"sub":"ann","exp":1000060,"aud":"chat"})", jwt));
  CHECK(verify(R"({"sub":"ann","exp":1000060,"aud":["mail","chat"]})", jwt));
  CHECK(code_of(R"({"sub":"ann","exp":1000060,"aud":"chats"})", jwt) == errc::unauthenticated);
  CHECK(code_of(R"({"sub":"ann","exp":1000060,"aud":["mail"]})", jwt) == errc::unauthenticated);
  CHECK(code_of(R"({"sub":"ann","exp":1000060,"aud":[]})", jwt) == errc::unauthenticated);
  CHECK(code_of(R"({"sub":"ann","exp":1000060})", jwt) == errc::unauthenticated);
}

TEST_CASE_FIXTURE(verifying, "token: each kind of public key goes with its algorithm") {
  const auto payload = R"({"sub":"ann","exp":1000060})";
  const std::pair<std::string_view, signing_key> cases[] = {
      {"RS256", signing_key::rsa()}, {"ES256", signing_key::p256()}, {"EdDSA", signing_key::ed25519()}};
  for (const auto& [algorithm, key] : cases) {
    const auto verifier = token_verifier::make({.hs256_secret = secret, .public_key = key.public_pem()}, time);
    REQUIRE_MESSAGE(verifier, verifier.error().detail);
    CHECK(verifier->verify(token_of(fmt::format(R"({{"alg":"{}"}})", algorithm), payload, key)));
    CHECK(verifier->verify(token_of(hs256, payload, secret)));
    for (const auto* other : {"RS256", "ES256", "EdDSA", "HS256", "RS512", "PS256", "rs256"}) {
      if (other == algorithm) continue;
      CHECK_FALSE(verifier->verify(token_of(fmt::format(R"({{"alg":"{}"}})", other), payload, key)));
    }
  }
}

TEST_CASE_FIXTURE(verifying, "token: a key that is missing or bad is refused when the verifier is made") {
  CHECK_FALSE(token_verifier::make({}, time));
  const auto made = token_verifier::make({.hs256_secret = secret, .public_key = "/nowhere.pem"}, time);
  REQUIRE_FALSE(made);
  CHECK(made.error().field == "auth.jwt.public_key");
  CHECK(made.error().detail == "auth.jwt.public_key: the public key /nowhere.pem cannot be read");
}

TEST_CASE_FIXTURE(verifying, "token: any thread may use the verifier") {
  const auto payload = R"({"sub":"ann","exp":1000060})";
  const auto key = signing_key::p256();
  const auto verifier = token_verifier::make({.hs256_secret = secret, .public_key = key.public_pem()}, time);
  REQUIRE(verifier);
  const auto own = token_of(hs256, payload, secret);
  const auto foreign = token_of(R"({"alg":"ES256"})", payload, key);
  const auto broken = foreign.substr(0, foreign.size() - 4);
  std::atomic<int> passed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        passed += verifier->verify(own).has_value() + verifier->verify(foreign).has_value();
        passed -= verifier->verify(broken).has_value();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(passed == 800);
}
