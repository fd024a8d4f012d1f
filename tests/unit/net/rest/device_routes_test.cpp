#include "tests/unit/net/rest/rest_stage.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

constexpr auto webpush =
    R"({"kind":"webpush","endpoint":"https://push.example.com/1","keys":{"p256dh":"p","auth":"a"}})";

std::string push(const std::string& target) { return R"({"push":)" + target + "}"; }

} // namespace

TEST_CASE_FIXTURE(rest_stage, "devices: a push target is kept as it was given, shown, replaced and removed") {
  const auto with_target = R"({"device":"phone","push":)" + std::string{webpush} + R"(,"lastUsed":1790000000000})";
  CHECK(body("ann", "PUT", "/v1/devices/phone", push(webpush)) == with_target);
  CHECK(body("ann", "GET", "/v1/devices") == R"({"items":[)" + with_target + "]}");
  time.advance(seconds{1});
  CHECK(body("ann", "PUT", "/v1/devices/phone", push(R"({"kind":"fcm","token":"t","topic":"x"})")) ==
        R"({"device":"phone","push":{"kind":"fcm","token":"t","topic":"x"},"lastUsed":1790000001000})");
  CHECK(body("ann", "PUT", "/v1/devices/phone", push("null")) == R"({"device":"phone","lastUsed":1790000001000})");
  CHECK(body("bob", "GET", "/v1/devices") == R"({"items":[]})");
}

TEST_CASE_FIXTURE(rest_stage, "devices: a body without a target leaves it as it was") {
  REQUIRE(ask("ann", "PUT", "/v1/devices/phone", push(webpush)).status == 200);
  CHECK(body("ann", "PUT", "/v1/devices/phone", "{}").find("webpush") != std::string::npos);
}

TEST_CASE_FIXTURE(rest_stage, "devices: each kind of target needs its fields") {
  for (const auto* good :
       {webpush, R"({"kind":"apns","token":"t"})", R"({"kind":"webhook","url":"https://a.example"})"})
    CHECK(ask("ann", "PUT", "/v1/devices/phone", push(good)).status == 200);
  for (const auto* bad :
       {"7", "[]", "{}", R"({"kind":7})", R"({"kind":"pigeon"})", R"({"kind":"fcm"})", R"({"kind":"fcm","token":""})",
        R"({"kind":"apns","token":7})", R"({"kind":"webhook","url":"file:///etc/passwd"})", R"({"kind":"webhook"})",
        R"({"kind":"webpush","endpoint":"https://a.example"})",
        R"({"kind":"webpush","endpoint":"https://a.example","keys":{"p256dh":"p"}})",
        R"({"kind":"webpush","endpoint":"a","keys":{"p256dh":"p","auth":"a"}})",
        "{\"kind\":\"fcm\",\"token\":\"\\u0000\"}"}) {
    CAPTURE(bad);
    const auto refused = ask("ann", "PUT", "/v1/devices/phone", push(bad));
    CHECK(refused.status == 400);
    CHECK(field(refused, "field") == "push");
  }
  const auto large = push(R"({"kind":"fcm","token":")" + std::string(4'096, 'x') + "\"}");
  CHECK(ask("ann", "PUT", "/v1/devices/phone", large).status == 413);
  CHECK(ask("ann", "PUT", "/v1/devices/a%20b", push(webpush)).status == 400);
}

TEST_CASE_FIXTURE(rest_stage, "devices: a revoked one is gone, its sessions end and its tokens are refused") {
  REQUIRE(ask("ann", "PUT", "/v1/devices/phone", push(webpush)).status == 200);
  const auto of_phone = token("ann", device_id{"phone"});
  const auto of_laptop = token("ann", device_id{"laptop"});
  const auto done = ask("ann", "DELETE", "/v1/devices/phone");
  CHECK(done.status == 204);
  CHECK_FALSE(done.body);
  CHECK(body("ann", "GET", "/v1/devices") == R"({"items":[]})");
  REQUIRE(closed.size() == 1);
  CHECK(closed.front().user.value == "ann");
  CHECK(closed.front().device.value == "phone");
  CHECK(closed.front().code == actors::close_code::device_revoked);
  CHECK(tokens.verify(of_phone).error().code == errc::unauthenticated);
  CHECK(tokens.verify(of_laptop));
  const auto known = kept.devices->revocations();
  REQUIRE(known);
  REQUIRE(known->size() == 1);
  CHECK(known->front().device.value == "phone");

  time.advance(milliseconds{1});
  CHECK(tokens.verify(token("ann", device_id{"phone"})));
}

TEST_CASE_FIXTURE(rest_stage, "devices: what a revoked one was given to refresh with is worth nothing") {
  const auto post = [&](const std::string& path, std::string given) {
    return ask({.method = "POST", .target = *parse_target(path), .body = std::move(given)});
  };
  REQUIRE(post("/v1/register", R"({"user":"ann","password":"correct horse"})").status == 200);
  const auto grant = post("/v1/login", R"({"user":"ann","password":"correct horse","device":"phone"})");
  REQUIRE(ask("ann", "PUT", "/v1/devices/phone", "{}").status == 200);
  REQUIRE(ask("ann", "DELETE", "/v1/devices/phone").status == 204);
  const auto refused = post("/v1/token", R"({"refreshToken":")" + field(grant, "refreshToken") + "\"}");
  CHECK(refused.status == 401);
}

TEST_CASE_FIXTURE(rest_stage, "devices: only one's own can be revoked") {
  REQUIRE(ask("ann", "PUT", "/v1/devices/phone", "{}").status == 200);
  const auto refused = ask("bob", "DELETE", "/v1/devices/phone");
  CHECK(refused.status == 404);
  CHECK(closed.empty());
  CHECK(revoked->refuses({.user = user_id{"ann"}, .device = device_id{"phone"}}) == false);
}

TEST_CASE_FIXTURE(rest_stage, "devices: the longest unused goes when there are too many") {
  for (const auto* name : {"one", "two", "three", "four"}) {
    REQUIRE(ask("ann", "PUT", std::string{"/v1/devices/"} + name, "{}").status == 200);
    time.advance(seconds{1});
  }
  const auto left = body("ann", "GET", "/v1/devices");
  CHECK(left.find("one") == std::string::npos);
  CHECK(left.find("four") != std::string::npos);
}
