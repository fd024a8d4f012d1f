#include "net/rest/router.hpp"

#include <doctest/doctest.h>

#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

struct table_fixture {
  router table;
  std::string called;
  std::vector<std::string> names;

  table_fixture() {
    for (const auto& [method, path] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"GET", "/v1/things"},
                                                                    {"POST", "/v1/things"},
                                                                    {"GET", "/v1/things/{}"},
                                                                    {"PUT", "/v1/things/{}/parts/{}"}})
      table.add(
          {method, path, [this, name = std::string{path}](const std::shared_ptr<api_call>& call, http_answer answer) {
             called = call->request.method + " " + name;
             names = call->names;
             answer(json_response(200, "{}"));
           }});
    table.add({"POST", "/v1/large", [](const auto&, const http_answer&) {},
               [](const http_request& head, std::optional<std::uint64_t> length) -> result<body_room> {
                 if (head.authorization.empty()) return fail(errc::unauthenticated, "who are you?");
                 return body_room{length.value_or(7), nullptr};
               }});
  }

  [[nodiscard]] http_response ask(std::string method, std::string path) {
    http_response got;
    called.clear();
    table.handle({.method = std::move(method), .target = {std::move(path), {}}},
                 [&](http_response done) { got = std::move(done); });
    return got;
  }
};

} // namespace

TEST_CASE_FIXTURE(table_fixture, "router: a request reaches its row, with what stands for the braces") {
  CHECK(ask("GET", "/v1/things").status == 200);
  CHECK(called == "GET /v1/things");
  CHECK(ask("PUT", "/v1/things/a b/parts/2").status == 200);
  CHECK(called == "PUT /v1/things/{}/parts/{}");
  CHECK(names == std::vector<std::string>{"a b", "2"});
}

TEST_CASE_FIXTURE(table_fixture, "router: HEAD is answered where GET is") {
  CHECK(ask("HEAD", "/v1/things/7").status == 200);
  CHECK(called == "HEAD /v1/things/{}");
}

TEST_CASE_FIXTURE(table_fixture, "router: a path that no row has is not found") {
  for (const auto* path : {"/v1/thing", "/v1/things/", "/v1/things//", "/v1/things/a/parts", "/v1/things/a/parts/b/",
                           "/v1/", "/v1//things"}) {
    CAPTURE(path);
    CHECK(ask("GET", path).status == 404);
    CHECK(called.empty());
  }
}

TEST_CASE_FIXTURE(table_fixture, "router: a method that no row of the path has is refused with those that they have") {
  const auto refused = ask("DELETE", "/v1/things");
  CHECK(refused.status == 405);
  CHECK(header(refused, "Allow") == "GET, HEAD, POST");
  CHECK(header(ask("GET", "/v1/things/a/parts/b"), "Allow") == "PUT");
  CHECK(error_code(refused) == "invalid_argument");
}

TEST_CASE_FIXTURE(table_fixture, "router: bodies are small but where a row lets in larger ones") {
  CHECK(table.room_for_body({.method = "POST", .target = {"/v1/things", {}}}, std::nullopt)->bytes == 65'536);
  CHECK(table.room_for_body({.method = "POST", .target = {"/v1/nowhere", {}}}, 65'537).error().code == errc::too_large);
  const http_request head{.method = "POST", .target = {"/v1/large", {}}};
  CHECK(table.room_for_body(head, 1'000'000).error().code == errc::unauthenticated);
  auto known = head;
  known.authorization = "ann";
  CHECK(table.room_for_body(known, 1'000'000)->bytes == 1'000'000);
  CHECK(table.room_for_body(known, std::nullopt)->bytes == 7);
}
