#include "tools/parleyctl/requests.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace parley;
using namespace parley::ctl;
namespace json = boost::json;

namespace {

const std::string group = "0d1f0b5e-6d53-4c1a-8a52-3f0f6a3a9c11";

// Takes the `clientId` out and looks at it.
std::string written(json::object request) {
  CHECK(parse_uuid(std::string_view{request.at("clientId").as_string()}));
  request.stable_erase("clientId");
  return json::serialize(request);
}

} // namespace

TEST_CASE("requests: a conversation is meant by its id or by the other user") {
  CHECK(conversation_meant({"ann"}, group) == group);
  CHECK(conversation_meant({"ann"}, "bob") == to_string(direct_conversation({"bob"}, {"ann"})));
  CHECK(parse_addressee("bob", "to")->peer == user_id{"bob"});
  CHECK(parse_addressee("bob", "to")->conversation.empty());
  CHECK(parse_addressee(group, "to")->peer.value.empty());
  const auto nobody = parse_addressee("-", "to");
  REQUIRE(!nobody);
  CHECK(nobody.error().code == errc::invalid_argument);
  CHECK(nobody.error().field == "to");
}

TEST_CASE("requests: reading says only what was asked for") {
  CHECK(json::serialize(history_request("c", {}, {})) == R"({"type":"history","conversation":"c"})");
  CHECK(json::serialize(history_request("c", {.before = 7}, 20)) ==
        R"({"type":"history","conversation":"c","before":7,"limit":20})");
  CHECK(json::serialize(history_request("c", {.after = 0}, {})) ==
        R"({"type":"history","conversation":"c","after":0})");
  CHECK(json::serialize(history_request("c", {.around = 3}, {})) ==
        R"({"type":"history","conversation":"c","around":3})");
  CHECK(json::serialize(search_request("hi \"you\"", "", {})) == R"({"type":"search","text":"hi \"you\""})");
  CHECK(json::serialize(search_request("hi", "c", 5)) ==
        R"({"type":"search","text":"hi","conversation":"c","limit":5})");
  CHECK(json::serialize(conversations_request()) == R"({"type":"conversations","limit":100})");
}

TEST_CASE("requests: writing may be repeated, so each has a client id") {
  CHECK(written(create_request("Trip", {"bob", "cy"})) == R"({"type":"create","title":"Trip","members":["bob","cy"]})");
  CHECK(written(create_request("Alone", {})) == R"({"type":"create","title":"Alone","members":[]})");
  CHECK(written(members_request("add", "c", {"dan"})) == R"({"type":"add","conversation":"c","users":["dan"]})");
  CHECK(written(members_request("remove", "c", {"cy", "dan"})) ==
        R"({"type":"remove","conversation":"c","users":["cy","dan"]})");
  CHECK(written(leave_request("c")) == R"({"type":"leave","conversation":"c"})");
  CHECK(written(role_request("c", "bob", "admin")) ==
        R"({"type":"role","conversation":"c","user":"bob","role":"admin"})");
  CHECK(written(rename_request("c", "New")) == R"({"type":"update","conversation":"c","title":"New"})");
  CHECK(create_request("a", {}).at("clientId") != create_request("a", {}).at("clientId"));
}
