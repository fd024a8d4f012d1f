#include "net/upgrade.hpp"

#include <doctest/doctest.h>

#include "net/auth/token_issuer.hpp"
#include "tests/unit/net/http_reading.hpp"

#include <limits>

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

struct upgrade_fixture {
  manual_clock time;
  auth_settings auth = [] {
    auth_settings made;
    made.jwt.hs256_secret = "a secret";
    return made;
  }();
  token_issuer issuer{auth, time};
  token_verifier tokens = *token_verifier::make(auth.jwt, time);
  upgrade_headers headers{.host = "chat.local", .version = "13", .key = "dGhlIHNhbXBsZSBub25jZQ=="};
  std::vector<std::string> origins{"https://chat.example.com"};

  [[nodiscard]] std::string token_of(const std::string& user, std::optional<device_id> device = {}) const {
    return issuer.mint(user_id{user}, device).text;
  }
  [[nodiscard]] result<upgrade> decide(const std::string& target) const {
    return decide_upgrade(*parse_target(target), headers, tokens, origins);
  }
  [[nodiscard]] errc refusal(const std::string& target) const {
    const auto decided = decide(target);
    REQUIRE_FALSE(decided);
    return decided.error().code;
  }
};

} // namespace

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: without a token the first frame authenticates") {
  const auto plan = decide("/connect");
  REQUIRE(plan);
  CHECK_FALSE(plan->bearer);
  CHECK_FALSE(plan->device);
  CHECK_FALSE(plan->skip_replay);
  CHECK(plan->protocol.is_supported);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: the token may come in the header or in the query") {
  headers.authorization = "Bearer " + token_of("ann");
  CHECK(decide("/connect")->bearer->user.value == "ann");
  headers.authorization = "bEARER   " + token_of("bob");
  CHECK(decide("/connect")->bearer->user.value == "bob");
  headers.authorization.clear();
  CHECK(decide("/connect?token=" + token_of("cy"))->bearer->user.value == "cy");
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: the header goes before the query, also when it is wrong") {
  headers.authorization = "Bearer " + token_of("ann");
  CHECK(decide("/connect?token=" + token_of("bob"))->bearer->user.value == "ann");
  headers.authorization = "Bearer nonsense";
  CHECK(refusal("/connect?token=" + token_of("bob")) == errc::unauthenticated);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: a bad token is refused, it is not as if there were none") {
  for (const std::string given : {"Basic YTpi", "Bearer", "Bearer ", "Bearer x.y.z", "Bearerx", "Be", "Token a"}) {
    CAPTURE(given);
    headers.authorization = given;
    CHECK(refusal("/connect") == errc::unauthenticated);
  }
  headers.authorization.clear();
  CHECK(refusal("/connect?token=") == errc::unauthenticated);
  CHECK(refusal("/connect?token=x.y.z") == errc::unauthenticated);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: an old token is told from a wrong one") {
  const auto target = "/connect?token=" + token_of("ann");
  time.advance(auth.token_lifetime + token_leeway + seconds{1});
  CHECK(refusal(target) == errc::token_expired);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: the device is the URL's, and must look like one") {
  CHECK(decide("/connect?device=my-phone")->device->value == "my-phone");
  CHECK(refusal("/connect?device=") == errc::invalid_argument);
  CHECK(refusal("/connect?device=my%20phone") == errc::invalid_argument);
  CHECK(refusal("/connect?device=" + std::string(65, 'a')) == errc::invalid_argument);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: a token for one device is refused on another") {
  const auto token = token_of("ann", device_id{"phone"});
  CHECK(decide("/connect?device=phone&token=" + token));
  CHECK(decide("/connect?token=" + token));
  CHECK(refusal("/connect?device=tablet&token=" + token) == errc::unauthenticated);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: a session to go on with is named with its key and a counter") {
  CHECK_FALSE(decide("/connect?key=k&s=3")->resume);
  const auto ticket = decide("/connect?resume=s-1&key=k&s=3")->resume;
  REQUIRE(ticket);
  CHECK(ticket->session == "s-1");
  CHECK(ticket->key == "k");
  CHECK(ticket->s == 3);
  CHECK(decide("/connect?resume=s-1&key=k")->resume->s == 0);
  for (const std::string s : {"-1", "", "x", "3x", "99999999999999999999"}) {
    CAPTURE(s);
    // More than any session has sent.
    CHECK(decide("/connect?resume=s-1&key=k&s=" + s)->resume->s == std::numeric_limits<std::uint64_t>::max());
  }
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: only replay=none leaves out the replay") {
  CHECK(decide("/connect?replay=none")->skip_replay);
  CHECK_FALSE(decide("/connect?replay=all")->skip_replay);
  CHECK_FALSE(decide("/connect?replay")->skip_replay);
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: a page of another origin is refused, whatever token it has") {
  headers.origin = "https://evil.example";
  CHECK(refusal("/connect") == errc::forbidden);
  CHECK(refusal("/connect?token=" + token_of("ann")) == errc::forbidden);
  headers.origin = "https://chat.example.com";
  CHECK(decide("/connect"));
  headers.origin = "http://chat.local";
  CHECK(decide("/connect"));
}

TEST_CASE_FIXTURE(upgrade_fixture, "upgrade: a version nobody speaks is planned, to be closed with its own code") {
  headers.subprotocol = "parley.v9";
  const auto plan = decide("/connect");
  REQUIRE(plan);
  CHECK_FALSE(plan->protocol.is_supported);
  CHECK(plan->protocol.echo == "parley.v9");
}

TEST_CASE("upgrade: the device is the one asked for, the token's own, or default") {
  const claims any{.user = {"ann"}, .device = {}};
  const claims own{.user = {"ann"}, .device = device_id{"phone"}};
  CHECK(device_of(any, std::nullopt)->value == "default");
  CHECK(device_of(any, device_id{"tablet"})->value == "tablet");
  CHECK(device_of(own, std::nullopt)->value == "phone");
  CHECK(device_of(own, device_id{"phone"})->value == "phone");
  CHECK(device_of(own, device_id{"tablet"}).error().code == errc::unauthenticated);
}

TEST_CASE_FIXTURE(upgrade_fixture, "handshake: the one of RFC 6455 is fine") { CHECK_FALSE(refuse_handshake(headers)); }

TEST_CASE_FIXTURE(upgrade_fixture, "handshake: another version is told which one is spoken") {
  for (const std::string version : {"", "8", "14", "013", "13, 8"}) {
    CAPTURE(version);
    headers.version = version;
    const auto refusal = refuse_handshake(headers);
    REQUIRE(refusal);
    CHECK(refusal->status == 426);
    CHECK(header(*refusal, "Sec-WebSocket-Version") == "13");
    CHECK(error_code(*refusal) == "invalid_argument");
  }
}

TEST_CASE_FIXTURE(upgrade_fixture, "handshake: a key that is no sixteen bytes is refused") {
  for (const std::string key : {"", "short==", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZSEh",
                                "dGhlIHNhbXBsZSBub25jZ!==", "dGhlIHNhbXBsZSBub25jZQ==="}) {
    CAPTURE(key);
    headers.key = key;
    const auto refusal = refuse_handshake(headers);
    REQUIRE(refusal);
    CHECK(refusal->status == 400);
    CHECK(error_code(*refusal) == "invalid_argument");
  }
}
