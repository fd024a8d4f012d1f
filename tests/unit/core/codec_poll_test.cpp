#include <parley/poll_body.hpp>

#include <doctest/doctest.h>

using namespace parley;

namespace {

error refusal(std::string_view text) {
  const auto body = decode_poll(text, 2);
  REQUIRE_FALSE(body);
  return body.error();
}

} // namespace

TEST_CASE("poll body: everything in it is optional") {
  const auto body = decode_poll("{}", 2);
  REQUIRE(body);
  CHECK_FALSE(body->session);
  CHECK_FALSE(body->device);
  CHECK_FALSE(body->skip_replay);
  CHECK(body->s == 0);
  CHECK(body->frames.empty());
  CHECK(body->wait == poll_wait_max);
}

TEST_CASE("poll body: its fields are read") {
  const auto body = decode_poll(R"({"session":"s-1","resumeKey":"k","s":17,"device":"phone","replay":"none",
                                    "frames":[{"type":"ping"}, 5],"waitMs":0,"more":true})",
                                2);
  REQUIRE(body);
  CHECK(body->session == "s-1");
  CHECK(body->resume_key == "k");
  CHECK(body->s == 17);
  CHECK(body->device->value == "phone");
  CHECK(body->skip_replay);
  CHECK((body->frames == std::vector<std::string>{R"({"type":"ping"})", "5"}));
  CHECK(body->wait.count() == 0);
}

TEST_CASE("poll body: what is wrong is named") {
  CHECK(refusal("{").code == errc::invalid_argument);
  CHECK(refusal("[]").code == errc::invalid_argument);
  for (const auto& [field, text] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"s", R"({"s":-1})"},
                                                                            {"session", R"({"session":5})"},
                                                                            {"resumeKey", R"({"resumeKey":5})"},
                                                                            {"device", R"({"device":"a b"})"},
                                                                            {"frames", R"({"frames":{}})"},
                                                                            {"waitMs", R"({"waitMs":25001})"}}) {
    CAPTURE(text);
    CHECK(refusal(text).code == errc::invalid_argument);
    CHECK(refusal(text).field == field);
  }
  CHECK(refusal(R"({"frames":[1,2,3]})").code == errc::too_many);
}

TEST_CASE("poll body: a frame may be as deep as on a socket") {
  const auto frame = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(decode_poll(R"({"frames":[)" + frame(32) + "]}", 2));
  CHECK(refusal(R"({"frames":[)" + frame(33) + "]}").code == errc::invalid_argument);
}
