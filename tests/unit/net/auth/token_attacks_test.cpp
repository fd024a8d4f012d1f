#include "net/auth/base64url.hpp"
#include "net/auth/token_verifier.hpp"
#include "tests/unit/net/auth/signing_key.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace parley;
using namespace parley::net;
using namespace parley::testing;

namespace {

constexpr std::string_view secret = "a secret of thirty-two characters";
constexpr std::string_view hs256 = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view ann = R"({"sub":"ann","exp":1000060})";

struct attacked {
  manual_clock time{from_millis(1'000'000'000)};
  signing_key foreign = signing_key::p256();
  token_verifier verifier =
      *token_verifier::make({.hs256_secret = std::string{secret}, .public_key = foreign.public_pem()}, time);

  void refuses(std::string_view token) {
    const auto verified = verifier.verify(token);
    REQUIRE_MESSAGE(!verified, token);
    CHECK(verified.error().code == errc::unauthenticated);
  }
};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  return text.replace(text.find(what), what.size(), by);
}

} // namespace

TEST_CASE_FIXTURE(attacked, "token: without an algorithm there is no trust") {
  for (const auto* header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({"alg":null})",
                             R"({"alg":["HS256"]})", R"({})"}) {
    refuses(unsigned_text(header, ann));
    refuses(unsigned_text(header, ann) + ".");
    refuses(token_of(header, ann, secret));
    refuses(token_of(header, ann, foreign));
  }
}

TEST_CASE_FIXTURE(attacked, "token: a public key's text is no secret") {
  const auto pem = foreign.public_pem();
  refuses(token_of(hs256, ann, pem));
  refuses(token_of(hs256, ann, pem.substr(0, pem.size() - 1)));
  refuses(token_of(R"({"alg":"ES256"})", ann, pem));
  refuses(token_of(hs256, ann, ""));
}

TEST_CASE_FIXTURE(attacked, "token: a key in the header is not believed") {
  const auto other = signing_key::p256();
  for (const auto* field :
       {R"("jku":"http://127.0.0.1:1/keys")", R"("x5u":"http://127.0.0.1:1/cert")", R"("kid":"http://127.0.0.1:1/key")",
        R"("kid":"../../dev/null")", R"("jwk":{"kty":"oct","k":"AAAA"})", R"("x5c":["AAAA"])"}) {
    const auto header = std::string{R"({"alg":"ES256",)"} + field + "}";
    refuses(token_of(header, ann, other));
    CHECK(verifier.verify(token_of(header, ann, foreign)));
  }
}

TEST_CASE_FIXTURE(attacked, "token: an extension that must be known is not ignored") {
  refuses(token_of(R"({"alg":"HS256","crit":["b64"],"b64":false})", ann, secret));
  refuses(token_of(R"({"alg":"HS256","crit":[]})", ann, secret));
}

TEST_CASE_FIXTURE(attacked, "token: a changed payload or header breaks the signature") {
  const auto token = token_of(hs256, ann, secret);
  CHECK(verifier.verify(token));
  const auto signature = token.substr(token.rfind('.'));
  refuses(unsigned_text(hs256, R"({"sub":"bob","exp":1000060})") + signature);
  refuses(unsigned_text(hs256, R"({"sub":"ann","exp":2000060})") + signature);
  refuses(unsigned_text(R"({"alg":"HS256"})", ann) + signature);
}

TEST_CASE_FIXTURE(attacked, "token: what is signed with another secret is refused") {
  refuses(token_of(hs256, ann, "another secret"));
  refuses(token_of(R"({"alg":"ES256"})", ann, signing_key::p256()));
}

TEST_CASE_FIXTURE(attacked, "token: a signature of another length is refused") {
  const auto token = token_of(hs256, ann, secret);
  refuses(token.substr(0, token.size() - 4));
  refuses(token + "AAAA");
  const auto text = unsigned_text(R"({"alg":"ES256"})", ann);
  for (const std::size_t size : {1, 63, 65, 96, 132}) {
    refuses(text + '.' + encode_base64url(std::vector<std::uint8_t>(size, 1)));
  }
  refuses(text + '.' + encode_base64url(std::vector<std::uint8_t>(64, 0)));
  refuses(text + '.' + encode_base64url(std::vector<std::uint8_t>(64, 255)));
}

TEST_CASE_FIXTURE(attacked, "token: another spelling of the same bytes is refused") {
  const auto token = token_of(hs256, ann, secret);
  refuses(token + "=");
  refuses(token + "\n");
  refuses(" " + token);
  refuses(replaced(token, ".", "=."));
  refuses(replaced(token, ".", " ."));
  // 32 bytes fill 43 characters but for two bits; setting one of these changes no byte.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  auto stray = token;
  stray.back() = alphabet[alphabet.find(token.back()) + 1];
  refuses(stray);
}

TEST_CASE_FIXTURE(attacked, "token: what is no token is refused") {
  const auto token = token_of(hs256, ann, secret);
  for (const auto& text :
       {std::string{}, std::string{"."}, std::string{".."}, std::string{"..."}, std::string(100, '.'), token + ".",
        "." + token, token + "." + token, token.substr(0, token.rfind('.')), std::string(3, '\0'),
        std::string(8'193, 'a'), std::string{"{\"alg\":\"HS256\"}"}}) {
    refuses(text);
  }
}

TEST_CASE_FIXTURE(attacked, "token: above 8 KiB it is refused, though well signed") {
  const auto padded = [&](std::size_t size) {
    return token_of(hs256, R"({"sub":"ann","exp":1000060,"x":")" + std::string(size, 'x') + "\"}", secret);
  };
  CHECK(padded(6'000).size() <= token_bytes_max);
  CHECK(verifier.verify(padded(6'000)));
  CHECK(padded(6'100).size() > token_bytes_max);
  refuses(padded(6'100));
}

TEST_CASE_FIXTURE(attacked, "token: a deeply nested header or payload is refused") {
  const auto nest = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  refuses(token_of(R"({"alg":"HS256","x":)" + nest(1'500) + "}", ann, secret));
  refuses(token_of(hs256, R"({"sub":"ann","exp":1000060,"x":)" + nest(1'500) + "}", secret));
}

TEST_CASE_FIXTURE(attacked, "token: no random change of a good token passes") {
  std::mt19937 random{20240611};
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
  };
  const std::string good[] = {token_of(hs256, ann, secret), token_of(R"({"alg":"ES256"})", ann, foreign)};
  for (int round = 0; round < 20'000; ++round) {
    const auto& token = good[below(std::size(good))];
    auto changed = token;
    for (auto changes = 1 + below(3); changes > 0; --changes) {
      const auto place = below(changed.size());
      switch (below(5)) {
      case 0: changed[place] = static_cast<char>(below(256)); break;
      case 1: changed[place] = static_cast<char>(changed[place] ^ (1 << below(8))); break;
      case 2: changed.erase(place, 1 + below(8)); break;
      case 3: changed.insert(place, 1 + below(4), "AZaz09-_.="[below(10)]); break;
      case 4: std::swap(changed[place], changed[below(changed.size())]); break;
      }
      if (changed.empty()) changed = ".";
    }
    if (changed != token) refuses(changed);
  }
}

TEST_CASE_FIXTURE(attacked, "token: no random payload with a good signature does harm") {
  std::mt19937 random{7};
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(random);
  };
  const std::string payload = R"({"sub":"ann","device":"phone","exp":1000060,"nbf":1,"iat":2.5,"aud":["a"],"iss":"b"})";
  for (int round = 0; round < 5'000; ++round) {
    auto changed = payload;
    for (auto changes = 1 + below(4); changes > 0; --changes) {
      changed[below(changed.size())] = static_cast<char>(below(256));
    }
    const auto verified = verifier.verify(token_of(hs256, changed, secret));
    if (verified) CHECK(parse_user_id(verified->user.value));
  }
}
