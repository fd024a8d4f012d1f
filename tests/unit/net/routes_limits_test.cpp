#include <doctest/doctest.h>

#include <future>

#include "net/routes.hpp"
#include "persistence/open.hpp"
#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

auth_settings test_auth() {
  auth_settings auth;
  auth.jwt.hs256_secret = "a secret";
  return auth;
}

limit_settings narrow() {
  limit_settings limits;
  limits.login = {.per_second = 1, .burst = 3};
  limits.register_ = {.per_second = 0.5, .burst = 2};
  return limits;
}

struct limited_routes {
  manual_clock time;
  accounts users{test_auth(), milliseconds{5'000}, persistence::open_memory()->accounts, time};
  routes pages{narrow(), {"https://chat.example.com"}, time, users, {}, [] { return true; }};

  [[nodiscard]] http_response ask(const http_request& request) {
    std::promise<http_response> answer;
    pages.handle(request, [&](http_response done) { answer.set_value(std::move(done)); });
    return answer.get_future().get();
  }
  /// Posts what is refused before any password is hashed.
  [[nodiscard]] http_response post(const std::string& path, const std::string& address = "10.0.0.1") {
    return ask({.method = "POST", .target = *parse_target(path), .body = "{}", .address = address});
  }
};

struct pages_of_others : limited_routes {
  [[nodiscard]] http_response from(const std::string& origin, const std::string& method, const std::string& path) {
    return ask({.method = method,
                .target = *parse_target(path),
                .body = R"({"user":"ann","password":"correct horse"})",
                .origin = origin,
                .host = "chat.local:8080"});
  }
};

} // namespace

TEST_CASE_FIXTURE(limited_routes, "routes: log-ins of one address are limited, those of others are not") {
  for (int i = 0; i < 3; ++i) CHECK(post("/v1/login").status == 400);
  const auto refused = post("/v1/login");
  CHECK(refused.status == 429);
  CHECK(error_code(refused) == "rate_limited");
  CHECK(header(refused, "Retry-After") == "1");
  CHECK(post("/v1/login", "10.0.0.2").status == 400);
  time.advance(seconds{1});
  CHECK(post("/v1/login").status == 400);
  CHECK(post("/v1/login").status == 429);
}

TEST_CASE_FIXTURE(limited_routes, "routes: a refresh counts as a log-in") {
  for (int i = 0; i < 3; ++i) CHECK(post("/v1/token").status == 400);
  CHECK(post("/v1/token").status == 429);
  CHECK(post("/v1/login").status == 429);
}

TEST_CASE_FIXTURE(limited_routes, "routes: registrations of one address have a limit of their own") {
  for (int i = 0; i < 2; ++i) CHECK(post("/v1/register").status == 400);
  const auto refused = post("/v1/register");
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "2");
  CHECK(post("/v1/login").status == 400);
  CHECK(post("/v1/register", "10.0.0.2").status == 400);
}

TEST_CASE_FIXTURE(limited_routes, "routes: a wrong method costs nothing") {
  for (int i = 0; i < 10; ++i)
    CHECK(ask({.method = "GET", .target = *parse_target("/v1/login"), .address = "10.0.0.1"}).status == 405);
  CHECK(post("/v1/login").status == 400);
}

TEST_CASE("routes: a closed registration is refused, and log-ins go on") {
  manual_clock time;
  auto auth = test_auth();
  auth.registration = false;
  accounts users{auth, milliseconds{5'000}, persistence::open_memory()->accounts, time};
  routes pages{{}, {}, time, users, {}, [] { return true; }};
  const auto post = [&](const std::string& path) {
    std::promise<http_response> answer;
    pages.handle(
        {.method = "POST", .target = *parse_target(path), .body = R"({"user":"ann","password":"correct horse"})"},
        [&](http_response done) { answer.set_value(std::move(done)); });
    return answer.get_future().get();
  };
  CHECK(error_code(post("/v1/register")) == "forbidden");
  CHECK(error_code(post("/v1/login")) == "unauthenticated");
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: a page on the list may read the answer") {
  const auto response = from("https://chat.example.com", "POST", "/v1/login");
  CHECK(response.status == 401);
  CHECK(header(response, "Access-Control-Allow-Origin") == "https://chat.example.com");
  CHECK(header(response, "Vary") == "Origin");
  CHECK_FALSE(header(response, "Access-Control-Allow-Credentials"));
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: answers that come at once are open too") {
  CHECK(header(from("https://chat.example.com", "GET", "/v1/login"), "Access-Control-Allow-Origin"));
  CHECK(header(from("https://chat.example.com", "GET", "/v1/nothing"), "Access-Control-Allow-Origin"));
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: the browser's question beforehand is answered, and costs nothing") {
  for (int i = 0; i < 10; ++i) {
    const auto response = from("https://chat.example.com", "OPTIONS", "/v1/login");
    CHECK(response.status == 204);
    CHECK_FALSE(response.body);
    CHECK(header(response, "Access-Control-Allow-Origin") == "https://chat.example.com");
    CHECK(header(response, "Access-Control-Allow-Methods")->find("POST") != std::string::npos);
    CHECK(header(response, "Access-Control-Allow-Headers") == "Authorization, Content-Type");
    CHECK(header(response, "Access-Control-Max-Age") == "600");
  }
  CHECK(from("https://chat.example.com", "POST", "/v1/login").status == 401);
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: a page that is not on the list is refused and told nothing") {
  for (const std::string origin : {"https://evil.example", "null", "https://chat.example.com.evil.example"}) {
    for (const std::string method : {"POST", "OPTIONS", "GET"}) {
      CAPTURE(origin);
      CAPTURE(method);
      const auto response = from(origin, method, "/v1/register");
      CHECK(response.status == 403);
      CHECK(error_code(response) == "forbidden");
      CHECK_FALSE(header(response, "Access-Control-Allow-Origin"));
    }
  }
  // None of them registered her.
  CHECK(from("", "POST", "/v1/register").status == 200);
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: a page of the node itself may call") {
  CHECK(from("http://chat.local:8080", "POST", "/v1/login").status == 401);
}

TEST_CASE_FIXTURE(pages_of_others, "cross-origin: what is no part of the API is served as to anybody") {
  CHECK(from("https://evil.example", "GET", "/healthz").status == 200);
  CHECK_FALSE(header(from("https://evil.example", "GET", "/healthz"), "Access-Control-Allow-Origin"));
}
