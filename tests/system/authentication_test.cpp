#include <doctest/doctest.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

/// The status and code with which the upgrade is refused; 0 when it is not.
std::pair<unsigned, std::string> refusal(const running_node& node, const upgrade_options& options) {
  try {
    const client connected{node.url(), options};
    return {0, ""};
  } catch (const upgrade_refused& refused) {
    return {refused.status, refused.body["code"].is_text() ? refused.body["code"].text() : "none"};
  }
}

std::pair<unsigned, std::string> refusal_of_header(const running_node& node, const std::string& value) {
  return refusal(node, {.query = "", .headers = {{"Authorization", value}}});
}

std::string auth(const std::string& token, const std::string& ref = "") {
  return R"({"type":"auth","token":")" + token + (ref.empty() ? "\"}" : R"(","ref":")" + ref + "\"}");
}

const std::pair<unsigned, std::string> unauthenticated{401, "unauthenticated"};

} // namespace

TEST_CASE("authentication: a token comes in a header, in the query or in the first frame") {
  const running_node node;
  const auto token = node.token("ann");

  client by_header{node.url(), {.query = "", .headers = {{"Authorization", "Bearer " + token}}}};
  CHECK(by_header.next()["user"] == "ann");
  client by_lower_case{node.url(), {.query = "", .headers = {{"authorization", "bearer " + token}}}};
  CHECK(by_lower_case.next()["user"] == "ann");
  client by_query{node.url(), {.query = "?token=" + token, .headers = {}}};
  CHECK(by_query.next()["user"] == "ann");

  auto by_frame = node.connect_unknown();
  by_frame.send(auth(token));
  const auto welcome = by_frame.next();
  CHECK(welcome["type"] == "welcome");
  CHECK(welcome["user"] == "ann");
  CHECK(by_frame.next()["type"] == "synced");
}

TEST_CASE("authentication: welcome is the first frame, and the ack of a first frame with a ref comes behind it") {
  const running_node node;
  auto connected = node.connect_unknown();
  connected.send(auth(node.token("ann"), "1"));
  CHECK(connected.next()["type"] == "welcome");
  const auto ack = connected.next();
  CHECK(ack["type"] == "ack");
  CHECK(ack["ref"] == "1");
  CHECK(connected.next()["type"] == "synced");
}

TEST_CASE("authentication: the header goes before the query") {
  const running_node node;
  const auto good = node.token("ann");
  client connected{node.url(), {.query = "?token=nonsense", .headers = {{"Authorization", "Bearer " + good}}}};
  CHECK(connected.next()["user"] == "ann");
  CHECK(refusal(node, {.query = "?token=" + good, .headers = {{"Authorization", "Bearer nonsense"}}}) ==
        unauthenticated);
}

TEST_CASE("authentication: a bad token is 401 in header and query, and 4501 in the first frame") {
  const running_node node;
  const token_content ann{.user = "ann"};
  const std::vector<std::pair<std::string, std::string>> bad{
      {"garbage", "nonsense"},
      {"empty", ""},
      {"three empty parts", ".."},
      {"not signed", unsigned_token(ann)},
      {"of another secret", hs256_token(ann, "another secret of thirty-two bytes")},
      {"changed after signing", tampered(node.token("ann"), {.user = "bob"})},
      {"without an end", hs256_token({.user = "ann", .lifetime = std::nullopt}, shared_secret)},
      {"without a user", hs256_token({.user = ""}, shared_secret)},
      {"of no user id", hs256_token({.user = "not a user"}, shared_secret)},
      {"of no device id", hs256_token({.user = "ann", .device = "not a device"}, shared_secret)},
  };
  for (const auto& [what, token] : bad) {
    CAPTURE(what);
    CHECK(refusal_of_header(node, "Bearer " + token) == unauthenticated);
    CHECK(refusal(node, {.query = "?token=" + token, .headers = {}}) == unauthenticated);
    auto connected = node.connect_unknown();
    connected.send(auth(token, "1"));
    const auto error = connected.next();
    CHECK(error["type"] == "error");
    CHECK(error["ref"] == "1");
    CHECK(error["code"] == "unauthenticated");
    CHECK(error["retry"] == "reauth");
    CHECK(connected.end().code == 4501);
  }
  CHECK(refusal_of_header(node, "Basic YW5uOnNlY3JldA==") == unauthenticated);
}

TEST_CASE("authentication: an expired token is good for thirty seconds more") {
  const running_node node;
  const auto late = hs256_token({.user = "ann", .lifetime = -20s}, shared_secret);
  const auto too_late = hs256_token({.user = "ann", .lifetime = -35s}, shared_secret);
  CHECK(refusal_of_header(node, "Bearer " + late).first == 0);
  CHECK(refusal_of_header(node, "Bearer " + too_late) == std::pair{401U, std::string{"token_expired"}});
  auto connected = node.connect_unknown();
  connected.send(auth(too_late));
  CHECK(connected.next()["code"] == "token_expired");
  CHECK(connected.end().code == 4501);
}

TEST_CASE("authentication: a first frame of another type closes with 4501") {
  const running_node node;
  for (const auto* first : {R"({"type":"ping","ref":"1"})", R"({"type":"auth","ref":"1"})", "nonsense"}) {
    CAPTURE(first);
    auto connected = node.connect_unknown();
    connected.send(first);
    CHECK(connected.next()["type"] == "error");
    CHECK(connected.end().code == 4501);
  }
}

TEST_CASE("authentication: the device comes from the query, else from the token, else it is default") {
  const running_node node;
  const auto for_phone = "Bearer " + hs256_token({.user = "ann", .device = "phone"}, shared_secret);
  CHECK(node.connect("ann", "?device=my.own_Phone-2").next()["device"] == "my.own_Phone-2");
  CHECK(node.connect("ann").next()["device"] == "default");
  CHECK(client{node.url(), {.query = "", .headers = {{"Authorization", for_phone}}}}.next()["device"] == "phone");
  CHECK(client{node.url(), {.query = "?device=phone", .headers = {{"Authorization", for_phone}}}}.next()["device"] ==
        "phone");

  auto by_frame = node.connect_unknown("?device=tablet");
  by_frame.send(auth(node.token("ann")));
  CHECK(by_frame.next()["device"] == "tablet");
}

TEST_CASE("authentication: a token with a device works for that device only") {
  const running_node node;
  const auto for_phone = hs256_token({.user = "ann", .device = "phone"}, shared_secret);
  CHECK(refusal(node, {.query = "?device=tablet", .headers = {{"Authorization", "Bearer " + for_phone}}}) ==
        unauthenticated);
  CHECK(refusal(node, {.query = "?device=tablet&token=" + for_phone, .headers = {}}) == unauthenticated);
  auto by_frame = node.connect_unknown("?device=tablet");
  by_frame.send(auth(for_phone));
  CHECK(by_frame.next()["code"] == "unauthenticated");
  CHECK(by_frame.end().code == 4501);
}

TEST_CASE("authentication: a device name that is none is refused") {
  const running_node node;
  const auto header = std::pair<std::string, std::string>{"Authorization", "Bearer " + node.token("ann")};
  const std::string longest(64, 'd');
  for (const auto& device : {std::string{}, std::string{"a%20b"}, std::string{"a/b"}, longest + "d"}) {
    CAPTURE(device);
    CHECK(refusal(node, {.query = "?device=" + device, .headers = {header}}).first == 400);
  }
  CHECK(refusal(node, {.query = "?device=" + longest, .headers = {header}}).first == 0);
}

} // namespace parley::tests
