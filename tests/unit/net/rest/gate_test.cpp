#include "tests/unit/net/rest/rest_stage.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

http_request with_header(const std::string& value, const std::string& target = "/v1/me") {
  return {.method = "GET", .target = *parse_target(target), .authorization = value};
}

} // namespace

TEST_CASE_FIXTURE(rest_stage, "gate: nobody gets in without a good token") {
  for (const auto* path : {"/v1/me", "/v1/users", "/v1/users/ann", "/v1/devices", "/v1/conversations"}) {
    CAPTURE(path);
    for (const std::string value : {"", "Bearer", "Bearer x", "Basic YTpi"}) {
      CAPTURE(value);
      const auto refused = ask(with_header(value, path));
      CHECK(refused.status == 401);
      CHECK(header(refused, "WWW-Authenticate") == "Bearer");
      CHECK(error_code(refused) == "unauthenticated");
    }
  }
  CHECK(asked.empty());
}

TEST_CASE_FIXTURE(rest_stage, "gate: an expired token is told from a wrong one") {
  const auto old = token("ann");
  time.advance(config.auth.token_lifetime + seconds{31});
  CHECK(error_code(ask(with_header("Bearer " + old))) == "token_expired");
}

TEST_CASE_FIXTURE(rest_stage, "gate: the first good token makes its user exist") {
  CHECK_FALSE(*kept.accounts->find(user_id{"ann"}));
  CHECK(ask("ann", "GET", "/v1/me").status == 200);
  CHECK(*kept.accounts->find(user_id{"ann"}));
  CHECK(ask("bob", "GET", "/v1/conversations").status == 200);
  CHECK(*kept.accounts->find(user_id{"bob"}));
}

TEST_CASE_FIXTURE(rest_stage, "gate: a token in the query opens files and nothing else") {
  const auto query = "?token=" + token("ann");
  CHECK(ask(with_header("", "/v1/me" + query)).status == 401);
  CHECK(ask(with_header("", "/v1/files/00000000-0000-4000-8000-000000000000" + query)).status == 404);
  CHECK(ask(with_header("", "/v1/files/00000000-0000-4000-8000-000000000000?token=x")).status == 401);
  // What the header says goes first.
  CHECK(ask(with_header("Bearer x", "/v1/files/00000000-0000-4000-8000-000000000000" + query)).status == 401);
}

TEST_CASE_FIXTURE(rest_stage, "gate: a page of another origin reads the refusal of its large body") {
  const auto refused = pages.room_for_body(
      {.method = "POST", .target = *parse_target("/v1/files"), .origin = "https://chat.example.com", .host = "here"},
      70'000);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status == 401);
  CHECK(header(refused.error(), "Access-Control-Allow-Origin") == "https://chat.example.com");
}
