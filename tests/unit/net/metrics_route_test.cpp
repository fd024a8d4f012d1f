#include "net/metrics_route.hpp"

#include <doctest/doctest.h>

#include "net/auth/operator_token.hpp"
#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

struct metrics_fixture {
  int pages = 0;
  router table = [this] {
    router made;
    made.add(metrics_row("the operators' own", [this] { return "page " + std::to_string(++pages); }));
    return made;
  }();

  http_response ask(const std::string& authorization, std::string method = "GET") {
    http_response answer;
    http_request request{.method = std::move(method), .target = *parse_target("/metrics")};
    request.authorization = authorization;
    table.handle(std::move(request), [&](http_response done) { answer = std::move(done); });
    return answer;
  }
};

} // namespace

TEST_CASE_FIXTURE(metrics_fixture, "metrics: operators get the page as it is now") {
  CHECK(*ask("Bearer the operators' own").body == "page 1");
  const auto again = ask("bearer the operators' own", "HEAD");
  CHECK(again.status == 200);
  CHECK(again.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(*again.body == "page 2");
}

TEST_CASE_FIXTURE(metrics_fixture, "metrics: nobody else gets it, and nothing is counted up for them") {
  for (const auto* shown : {"", "Bearer", "Bearer ", "Bearer the operators' ow", "Bearer the operators' own ",
                            "Basic x", "the operators' own"}) {
    CAPTURE(shown);
    const auto answer = ask(shown);
    CHECK(answer.status == 401);
    CHECK(error_code(answer) == "unauthenticated");
  }
  CHECK(ask("Bearer the operators' own", "POST").status == 405);
  CHECK(pages == 0);
}

TEST_CASE("operator token: a node without one has no operators") {
  CHECK_FALSE(check_operator("Bearer ", ""));
  CHECK_FALSE(check_operator("Bearer x", ""));
}
