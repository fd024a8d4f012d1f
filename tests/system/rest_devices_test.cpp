#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/rest_caller.hpp"

namespace parley::tests {

namespace {

constexpr auto registration = R"({"user":"ann","password":"correct horse"})";
constexpr auto login = R"({"user":"ann","password":"correct horse","device":"phone"})";

unsigned status_of_connect(const running_node& node, const std::string& token) {
  try {
    (void)client{node.url(), {.query = "", .headers = {{"Authorization", "Bearer " + token}}}}.wait_type("welcome");
    return 101;
  } catch (const upgrade_refused& refused) {
    return refused.status;
  }
}

} // namespace

TEST_CASE("rest: who connects has a device, and a device may have a push target") {
  const running_node node;
  rest_caller ann{node, node.token("ann")};
  (void)node.online("ann", "?device=phone");
  CHECK(ann.get("/v1/devices").json()["items"][0]["device"] == "phone");
  const auto put = ann.call("PUT", "/v1/devices/phone", R"({"push":{"kind":"fcm","token":"t"}})");
  CHECK(put.status == 200);
  CHECK(put.json()["push"]["token"] == "t");
  CHECK(ann.get("/v1/devices").json()["items"][0]["push"]["kind"] == "fcm");
  CHECK(ann.call("PUT", "/v1/devices/phone", R"({"push":{"kind":"pigeon"}})").json()["field"] == "push");
}

TEST_CASE("rest: a revoked device is out at once, stays out, and comes back by a new log-in") {
  running_node node;
  auto http = node.http();
  REQUIRE(http.post("/v1/register", registration).status == 200);
  const auto grant = http.post("/v1/login", login).json();
  const auto token = grant["token"].text();
  client phone{node.url(), {.query = "", .headers = {{"Authorization", "Bearer " + token}}}};
  phone.wait_type("synced");

  rest_caller laptop{node, node.token("ann")};
  CHECK(laptop.call("DELETE", "/v1/devices/tablet").status == 404);
  CHECK(laptop.call("DELETE", "/v1/devices/phone").status == 204);
  CHECK(phone.end().code == 4502);
  CHECK(status_of_connect(node, token) == 401);
  CHECK(rest_caller(node, token).get("/v1/me").status == 401);
  CHECK(http.post("/v1/token", fmt::format(R"({{"refreshToken":{}}})", grant["refreshToken"].dump())).status == 401);
  CHECK(laptop.get("/v1/devices").json()["items"].size() == 0);

  const auto again = http.post("/v1/login", login).json();
  CHECK(status_of_connect(node, again["token"].text()) == 101);
}

TEST_CASE("rest: a revocation outlives the node that heard of it") {
  running_node node;
  rest_caller ann{node, node.token("ann")};
  const auto token = hs256_token({.user = "ann", .device = "phone"}, shared_secret);
  CHECK(status_of_connect(node, token) == 101);
  REQUIRE(ann.call("DELETE", "/v1/devices/phone").status == 204);
  CHECK(node.process.stop() == process_end{});
  node.process.start();
  CHECK(status_of_connect(node, token) == 401);
}

} // namespace parley::tests
