#include <parley/codec.hpp>

#include "tests/unit/net/rest/rest_stage.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

const std::string conversation = "00112233-4455-8677-8899-aabbccddeeff";
const std::string path = "/v1/conversations/" + conversation;

struct talking : rest_stage {
  /// The request that the actors were asked last.
  template <class Request> [[nodiscard]] const Request& last() const {
    REQUIRE_FALSE(asked.empty());
    const auto* request = std::get_if<Request>(&asked.back().request);
    REQUIRE(request);
    return *request;
  }
  void check_refused(const std::string& method, const std::string& target, const std::string& given,
                     const std::string& at_fault) {
    CAPTURE(target);
    CAPTURE(given);
    const auto before = asked.size();
    const auto refused = ask("ann", method, target, given);
    CHECK(refused.status == 400);
    CHECK(field(refused, "field") == at_fault);
    CHECK(asked.size() == before);
  }
};

} // namespace

TEST_CASE_FIXTURE(talking, "conversations: the answer is the frame") {
  frame = R"({"type":"conversations","items":[]})";
  CHECK(body("ann", "GET", "/v1/conversations") == *frame);
  CHECK(asked.back().user.value == "ann");
  CHECK(asked.back().device.value == "default");
  CHECK(last<conversations_request>().limit == 50);
  CHECK_FALSE(last<conversations_request>().after);
}

TEST_CASE_FIXTURE(talking, "conversations: the query carries the fields of the frame") {
  const list_position place{from_millis(7), *parse_conversation_id(conversation)};
  CHECK(ask("ann", "GET", "/v1/conversations?limit=100&after=" + encode_list_position(place)).status == 200);
  CHECK(last<conversations_request>().limit == 100);
  CHECK(last<conversations_request>().after->at == place.at);
  check_refused("GET", "/v1/conversations?limit=101", "", "limit");
  check_refused("GET", "/v1/conversations?limit=x", "", "limit");
  check_refused("GET", "/v1/conversations?limit=", "", "limit");
  check_refused("GET", "/v1/conversations?after=1", "", "after");
}

TEST_CASE_FIXTURE(talking, "conversations: one is asked for by its id") {
  CHECK(ask("ann", "GET", path).status == 200);
  CHECK(to_string(last<conversation_request>().conversation) == conversation);
  check_refused("GET", "/v1/conversations/x", "", "conversation");
  CHECK(ask("ann", "GET", "/v1/conversations/").status == 404);
}

TEST_CASE_FIXTURE(talking, "messages: a page of history is asked for in one direction") {
  CHECK(ask("ann", "GET", path + "/messages?before=12&limit=5").status == 200);
  CHECK(last<history_request>().before == 12);
  CHECK(last<history_request>().limit == 5);
  CHECK(ask("ann", "GET", path + "/messages?around=0").status == 200);
  CHECK(last<history_request>().around == 0);
  CHECK(ask("ann", "GET", path + "/messages?after=9007199254740991").status == 200);
  check_refused("GET", path + "/messages?after=9007199254740992", "", "after");
  check_refused("GET", path + "/messages?before=1&after=2", "", "before");
  check_refused("GET", path + "/messages?before=-1", "", "before");
  check_refused("GET", path + "/messages?before=01", "", "before");
  check_refused("GET", path + "/messages?limit=201", "", "limit");
}

TEST_CASE_FIXTURE(talking, "messages: a post is a send to the conversation of the path") {
  frame = R"({"type":"ack","seq":1})";
  const auto sent = body("ann", "POST", path + "/messages",
                         R"({"clientId":"018f0000-0000-7000-8000-000000000001","text":"hi","silent":true})");
  CHECK(sent == *frame);
  CHECK(to_string(*last<send_request>().conversation) == conversation);
  CHECK(last<send_request>().client->text == "018f0000-0000-7000-8000-000000000001");
  CHECK(last<send_request>().content.silent);
  // The path decides, whatever the body says.
  CHECK(ask("ann", "POST", path + "/messages", R"({"to":"bob","text":"hi"})").status == 200);
  CHECK_FALSE(last<send_request>().to);
  check_refused("POST", path + "/messages", "{}", "text");
  check_refused("POST", "/v1/conversations/x/messages", R"({"text":"hi"})", "conversation");
  CHECK(error_code(ask("ann", "POST", path + "/messages", "hi")) == "bad_frame");
}

TEST_CASE_FIXTURE(talking, "messages: a post names its receiver") {
  CHECK(ask("ann", "POST", "/v1/messages", R"({"to":"bob","text":"hi"})").status == 200);
  CHECK(last<send_request>().to->value == "bob");
  check_refused("POST", "/v1/messages", R"({"text":"hi"})", "conversation");
  CHECK(header(ask("ann", "GET", "/v1/messages"), "Allow") == "POST");
}

TEST_CASE_FIXTURE(talking, "messages: what the actors refuse has the status of its code") {
  frame = fail({errc::rate_limited, "slowly", {}, milliseconds{400}});
  const auto limited = ask("ann", "POST", "/v1/messages", R"({"to":"bob","text":"hi"})");
  CHECK(limited.status == 429);
  CHECK(header(limited, "Retry-After") == "1");
  frame = fail(errc::not_found, "there is no such conversation");
  CHECK(ask("ann", "GET", path).status == 404);
}

TEST_CASE_FIXTURE(talking, "messages: a token for a device speaks for that device") {
  CHECK(ask({.method = "GET",
             .target = *parse_target("/v1/conversations"),
             .authorization = "Bearer " + token("ann", device_id{"phone"})})
            .status == 200);
  CHECK(asked.back().device.value == "phone");
}
