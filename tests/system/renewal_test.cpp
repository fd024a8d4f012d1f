#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

/// Valid for a second or two more, with the leeway.
std::string almost_expired(const std::string& user) {
  return hs256_token({.user = user, .lifetime = -28s}, shared_secret);
}

client connect_with(const running_node& node, const std::string& token, const std::string& query = "") {
  return {node.url(), {.query = query, .headers = {{"Authorization", "Bearer " + token}}}};
}

std::string auth(const std::string& token) { return fmt::format(R"({{"type":"auth","token":"{}"}})", token); }

} // namespace

TEST_CASE("renewal: an expired token is announced, and closes the connection a while later unless it is renewed") {
  const running_node node{{"auth.expiry_grace_ms=700"}};
  auto renewing = connect_with(node, almost_expired("ann"));
  auto lazy = connect_with(node, almost_expired("bob"));

  const auto announced = renewing.wait_type("error");
  CHECK(announced["code"] == "token_expired");
  CHECK(announced["retry"] == "reauth");
  CHECK_FALSE(announced["ref"].exists());
  const auto ack = renewing.ask(auth(node.token("ann")));
  CHECK(ack["type"] == "ack");
  CHECK_FALSE(ack["conversation"].exists());

  CHECK(lazy.wait_type("error")["code"] == "token_expired");
  const auto announced_at = std::chrono::steady_clock::now();
  // Between the announcement and the end it works as before.
  CHECK(lazy.ask(R"({"type":"conversations"})")["type"] == "conversations");
  CHECK(lazy.end().code == 4501);
  CHECK(std::chrono::steady_clock::now() - announced_at < default_patience);
  CHECK(renewing.ask(R"({"type":"ping"})")["type"] == "pong");
  CHECK_FALSE(renewing.has_ended());
}

TEST_CASE("renewal: a renewal in time is never announced") {
  const running_node node{{"auth.expiry_grace_ms=100"}};
  auto renewing = connect_with(node, almost_expired("ann"));
  auto lazy = connect_with(node, almost_expired("ann"));
  renewing.collect_until(of_type("synced"));
  // Without a ref there is no answer.
  renewing.send(auth(node.token("ann")));
  CHECK(renewing.drain().empty());
  CHECK(lazy.end().code == 4501);
  CHECK(renewing.drain().empty());
}

TEST_CASE("renewal: the token of somebody else, or a bad one, is unauthenticated and changes nothing") {
  const running_node node;
  auto connected = node.online("ann", "?device=phone");
  const auto of_tablet = hs256_token({.user = "ann", .device = "tablet"}, shared_secret);
  for (const auto& token : {node.token("bob"), of_tablet, unsigned_token({.user = "ann"}), std::string{"nonsense"}}) {
    const auto error = connected.ask(auth(token));
    CHECK(error["type"] == "error");
    CHECK(error["code"] == "unauthenticated");
    CHECK(error["retry"] == "reauth");
  }
  const auto expired = connected.ask(auth(hs256_token({.user = "ann", .lifetime = -35s}, shared_secret)));
  CHECK(expired["code"] == "token_expired");
  node.introduce({"bob"});
  CHECK(connected.ask(R"({"type":"send","to":"bob","text":"still ann"})")["type"] == "ack");
  CHECK(connected.next()["from"] == "ann");
  const auto of_phone = hs256_token({.user = "ann", .device = "phone"}, shared_secret);
  CHECK(connected.ask(auth(of_phone))["type"] == "ack");
}

} // namespace parley::tests
