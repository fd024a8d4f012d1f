#include "net/routes.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <future>

#include "net/auth/token_verifier.hpp"
#include "persistence/open.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

constexpr std::string_view registration = R"({"user":"ann","password":"correct horse","name":"Ann"})";

struct web_fixture {
  temporary_directory folder;

  web_fixture() {
    std::filesystem::create_directory(folder.path() / "assets");
    std::ofstream{folder.path() / "index.html"} << "<h1>";
    std::ofstream{folder.path() / "assets" / "app.js"} << "go()";
  }
  [[nodiscard]] static_files files() const { return *static_files::load(folder.path()); }
};

struct routes_fixture : web_fixture {
  manual_clock time;
  auth_settings auth = [] {
    auth_settings made;
    made.jwt.hs256_secret = "a secret";
    return made;
  }();
  bool is_ready = true;
  accounts users{auth, milliseconds{5'000}, persistence::open_memory()->accounts, time};
  routes pages{{}, {"https://chat.example.com"}, time, users, files(), [this] { return is_ready; }};

  [[nodiscard]] http_response ask(http_request request) {
    std::promise<http_response> answer;
    pages.handle(request, [&](http_response done) { answer.set_value(std::move(done)); });
    return answer.get_future().get();
  }
  [[nodiscard]] http_response ask(std::string method, const std::string& target, std::string_view body = {}) {
    return ask(
        {.method = std::move(method), .target = *parse_target(target), .body = std::string{body}, .address = "a"});
  }
  /// The value of a text field of the answer.
  static std::string field(const http_response& response, const std::string& name) {
    const auto before = '"' + name + "\":\"";
    const auto at = response.body->find(before);
    REQUIRE(at != std::string::npos);
    const auto start = at + before.size();
    return response.body->substr(start, response.body->find('"', start) - start);
  }
};

} // namespace

TEST_CASE_FIXTURE(routes_fixture, "routes: who registers gets tokens that work, and can log in") {
  const auto registered = ask("POST", "/v1/register", registration);
  CHECK(registered.status == 200);
  CHECK(registered.content_type == "application/json");
  CHECK(header(registered, "Cache-Control") == "no-store");
  CHECK(field(registered, "user") == "ann");
  const auto tokens = token_verifier::make(auth.jwt, time);
  CHECK(tokens->verify(field(registered, "token"))->user.value == "ann");

  const auto logged_in = ask("POST", "/v1/login", R"({"user":"ann","password":"correct horse","device":"phone"})");
  CHECK(logged_in.status == 200);
  CHECK(tokens->verify(field(logged_in, "token"))->device == device_id{"phone"});
}

TEST_CASE_FIXTURE(routes_fixture, "routes: a refresh token is exchanged once") {
  const auto registered = ask("POST", "/v1/register", registration);
  const auto body = R"({"refreshToken":")" + field(registered, "refreshToken") + R"("})";
  CHECK(ask("POST", "/v1/token", body).status == 200);
  const auto again = ask("POST", "/v1/token", body);
  CHECK(again.status == 401);
  CHECK(error_code(again) == "unauthenticated");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: what the accounts refuse has the status of its code") {
  CHECK(ask("POST", "/v1/register", registration).status == 200);
  CHECK(ask("POST", "/v1/register", registration).status == 409);
  CHECK(ask("POST", "/v1/register", R"({"user":"bob","password":"short"})").status == 400);
  const auto wrong = ask("POST", "/v1/login", R"({"user":"ann","password":"wrong horse"})");
  CHECK(wrong.status == 401);
  CHECK(header(wrong, "WWW-Authenticate") == "Bearer");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: a bad body is refused with the field at fault") {
  for (const std::string path : {"/v1/register", "/v1/login", "/v1/token"}) {
    for (const std::string_view body :
         {"", "{", "[]", "null", "\"ann\"", "{}", "user=ann&password=x", "\xff\xfe", "{\"user\":1}"}) {
      CAPTURE(path);
      CAPTURE(body);
      const auto response = ask("POST", path, body);
      CHECK(response.status == 400);
      CHECK((error_code(response) == "bad_frame" || error_code(response) == "invalid_argument"));
      time.advance(seconds{1});
    }
  }
  CHECK(field(ask("POST", "/v1/login", R"({"user":"ann"})"), "field") == "password");
  CHECK(field(ask("POST", "/v1/login", R"({"user":"ann","password":"x","device":"a b"})"), "field") == "device");
  CHECK(field(ask("POST", "/v1/token", R"({"refreshToken":7})"), "field") == "refreshToken");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: deep nesting is refused, not followed") {
  std::string body = R"({"user":)";
  for (int i = 0; i < 10'000; ++i) body += '[';
  CHECK(ask("POST", "/v1/login", body).status == 400);
}

TEST_CASE_FIXTURE(routes_fixture, "routes: only POST reaches the accounts, and the others are told so") {
  for (const std::string path : {"/v1/register", "/v1/login", "/v1/token"}) {
    for (const std::string method : {"GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "post", "BREW"}) {
      CAPTURE(path);
      CAPTURE(method);
      const auto response = ask(method, path, registration);
      CHECK(response.status == 405);
      CHECK(header(response, "Allow") == "POST");
      CHECK(error_code(response) == "invalid_argument");
    }
  }
}

TEST_CASE_FIXTURE(routes_fixture, "routes: what does not exist is not found, by any method") {
  for (const std::string path : {"/v1/", "/v1/nothing", "/v1/login/", "/v1/Login", "/v1//login"}) {
    CAPTURE(path);
    CHECK(ask("GET", path).status == 404);
    CHECK(error_code(ask("POST", path, registration)) == "not_found");
  }
  CHECK(ask("GET", "/nothing").status == 404);
  CHECK(error_code(ask("GET", "/v1")) == "not_found");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: a live node is healthy, and ready while nothing is in the way") {
  CHECK(ask("GET", "/healthz").status == 200);
  CHECK(ask("HEAD", "/readyz").status == 200);
  is_ready = false;
  CHECK(ask("GET", "/healthz").status == 200);
  const auto waiting = ask("GET", "/readyz");
  CHECK(waiting.status == 503);
  CHECK(error_code(waiting) == "unavailable");
  CHECK(header(ask("POST", "/healthz"), "Allow") == "GET, HEAD");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: who asks for the connection by plain HTTP is told to upgrade") {
  const auto response = ask("GET", "/connect");
  CHECK(response.status == 426);
  CHECK(header(response, "Upgrade") == "websocket");
  CHECK(header(response, "Connection") == "Upgrade");
  CHECK(error_code(response) == "invalid_argument");
}

TEST_CASE_FIXTURE(routes_fixture, "routes: the web client is served, with what keeps foreign scripts out") {
  const auto page = ask("GET", "/");
  CHECK(page.status == 200);
  CHECK(*page.body == "<h1>");
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(header(page, "Cache-Control") == "no-cache");
  CHECK(header(page, "Content-Security-Policy")->find("default-src 'none'") == 0);
  CHECK(header(page, "Referrer-Policy") == "no-referrer");
  CHECK(*header(ask("GET", "/assets/app.js"), "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(ask("HEAD", "/index.html").status == 200);
  CHECK(ask("POST", "/index.html").status == 405);
}

TEST_CASE_FIXTURE(routes_fixture, "routes: a page the browser has is not sent again") {
  const auto page = ask("GET", "/");
  http_request again{.method = "GET", .target = *parse_target("/"), .if_none_match = "W/" + *header(page, "ETag")};
  const auto unchanged = ask(again);
  CHECK(unchanged.status == 304);
  CHECK_FALSE(unchanged.body);
  CHECK(header(unchanged, "ETag") == header(page, "ETag"));
  CHECK(header(unchanged, "Cache-Control") == "no-cache");
  again.if_none_match = "\"other\"";
  CHECK(ask(again).status == 200);
}
