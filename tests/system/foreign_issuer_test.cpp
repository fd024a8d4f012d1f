#include <doctest/doctest.h>

#include <fstream>

#include "tests/system/chat.hpp"
#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

struct issuer {
  std::string algorithm;
  signing_key key;
  signing_key another_key;
};

std::vector<issuer> issuers() {
  return {{"RS256", signing_key::rsa(), signing_key::rsa()},
          {"ES256", signing_key::p256(), signing_key::p256()},
          {"EdDSA", signing_key::ed25519(), signing_key::ed25519()}};
}

/// Whether the token opens a connection; anything but 401 otherwise is an error of its own.
bool opens(const running_node& node, const std::string& token) {
  try {
    client connected{node.url(), {.query = "", .headers = {{"Authorization", "Bearer " + token}}}};
    return connected.next()["type"] == "welcome";
  } catch (const upgrade_refused& refused) {
    CHECK(refused.status == 401);
    return false;
  }
}

} // namespace

TEST_CASE("foreign issuer: RS256, ES256 and EdDSA open the door, each for its own key alone") {
  const temporary_directory folder;
  const auto file = (folder.path() / "issuer.pem").string();
  const token_content ann{.user = "ann"};
  for (const auto& [algorithm, key, another_key] : issuers()) {
    CAPTURE(algorithm);
    std::ofstream{file} << key.public_pem();
    const running_node node{{"auth.jwt.public_key=" + file}};
    CHECK(opens(node, signed_token(ann, algorithm, key)));
    CHECK_FALSE(opens(node, signed_token(ann, algorithm, another_key)));
    CHECK_FALSE(opens(node, unsigned_token(ann)));
    // The public key as a secret: the key's type decides the algorithm, not the token.
    CHECK_FALSE(opens(node, hs256_token(ann, key.public_pem())));
    for (const auto* other : {"RS256", "ES256", "EdDSA", "RS512", "none"})
      if (other != algorithm) CHECK_FALSE(opens(node, signed_token(ann, other, key)));
  }
}

TEST_CASE("foreign issuer: the first valid token creates its user") {
  const auto key = signing_key::p256();
  const running_node node{{"auth.jwt.public_key=" + key.public_pem()}};
  auto ann = node.online("ann");
  CHECK(ann.ask(send_to("bob", "are you there?"))["code"] == "not_found");
  CHECK(opens(node, signed_token({.user = "bob"}, "ES256", key)));
  CHECK(ann.ask(send_to("bob", "are you there?"))["type"] == "ack");
}

TEST_CASE("foreign issuer: issuer and audience are checked when they are configured") {
  const auto key = signing_key::ed25519();
  const running_node node{{"auth.jwt.public_key=" + key.public_pem(), "auth.jwt.issuer=https://login.example.com",
                           "auth.jwt.audience=parley"}};
  const token_content good{.user = "ann", .issuer = "https://login.example.com", .audience = "parley"};
  CHECK(opens(node, signed_token(good, "EdDSA", key)));
  for (const auto& [issuer, audience] : std::vector<std::pair<std::string, std::string>>{
           {"https://evil.example.com", "parley"}, {"", "parley"}, {good.issuer, "mail"}, {good.issuer, ""}}) {
    CAPTURE(issuer);
    CAPTURE(audience);
    CHECK_FALSE(opens(node, signed_token({.user = "ann", .issuer = issuer, .audience = audience}, "EdDSA", key)));
  }
}

} // namespace parley::tests
