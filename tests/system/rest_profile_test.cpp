#include <doctest/doctest.h>

#include "tests/system/rest_caller.hpp"

namespace parley::tests {

TEST_CASE("rest: everything but the accounts and health needs a token") {
  const running_node node;
  auto http = node.http();
  for (const auto* path : {"/v1/me", "/v1/users?q=a", "/v1/users/ann", "/v1/devices", "/v1/conversations",
                           "/v1/files/00000000-0000-4000-8000-000000000000"}) {
    CAPTURE(path);
    const auto refused = http.get(path);
    CHECK(refused.status == 401);
    CHECK(refused.header("www-authenticate") == "Bearer");
    CHECK(refused.json()["retry"] == "reauth");
  }
}

TEST_CASE("rest: a profile is named by its owner and seen by others") {
  const running_node node;
  rest_caller ann{node, node.token("ann")}, bob{node, node.token("bob")};
  CHECK(ann.get("/v1/me").json()["user"] == "ann");
  const auto named = ann.call("PATCH", "/v1/me", R"({"name":"Ann Ö."})");
  CHECK(named.status == 200);
  CHECK(named.json()["name"] == "Ann Ö.");
  CHECK(named.json()["createdAt"].is_number());
  CHECK(bob.get("/v1/users/ann").json()["name"] == "Ann Ö.");
  CHECK(bob.get("/v1/users/nobody").status == 404);
  const auto found = bob.get("/v1/users?q=AN").json()["items"];
  CHECK(found.size() == 1);
  CHECK(found[0]["user"] == "ann");
}

TEST_CASE("rest: a method that a path does not have is refused with those that it has") {
  const running_node node;
  rest_caller ann{node, node.token("ann")};
  const auto refused = ann.call("DELETE", "/v1/me");
  CHECK(refused.status == 405);
  CHECK(refused.header("allow") == "GET, HEAD, PATCH");
  CHECK(ann.get("/v1/nothing").status == 404);
}

} // namespace parley::tests
