#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

const std::string ask_health = "GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n";

} // namespace

TEST_CASE("http: a connection is kept, unless either side says otherwise") {
  const running_node node;
  auto http = node.http();
  for (int i = 0; i < 3; ++i) CHECK(http.get("/healthz").status == 200);
  const auto last = http.get("/healthz", {{"connection", "close"}});
  CHECK(last.status == 200);
  CHECK(last.header("connection") == "close");
  CHECK(http.is_ended_by_server());

  auto old = node.http();
  old.write("GET /healthz HTTP/1.0\r\n\r\n");
  CHECK(old.read().status == 200);
  CHECK(old.is_ended_by_server());
}

TEST_CASE("http: requests written at once are answered in their order") {
  const running_node node;
  auto http = node.http();
  std::string requests;
  for (int i = 0; i < 5; ++i) {
    requests += http.text_of("GET", "/healthz");
    requests += http.text_of("POST", "/v1/login", {}, R"({"user":"ann","password":"12345678"})");
    requests += http.text_of("GET", "/nothing");
    requests += http.text_of("HEAD", "/nothing");
  }
  http.write(requests);
  for (int i = 0; i < 5; ++i) {
    CHECK(http.read().status == 200);
    CHECK(http.read().status == 401);
    CHECK(http.read().status == 404);
    CHECK(http.read(true).status == 404);
  }
}

TEST_CASE("http: bytes may come one by one, and bodies in chunks") {
  const running_node node;
  auto http = node.http();
  for (const auto byte : ask_health) http.write({&byte, 1});
  CHECK(http.read().status == 200);
  http.write("POST /v1/login HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n"
             "e\r\n{\"user\":\"ann\",\r\n16\r\n\"password\":\"12345678\"}\r\n0\r\n\r\n");
  CHECK(http.read().json()["code"] == "unauthenticated");
  CHECK(http.get("/healthz").status == 200);
}

TEST_CASE("http: a method that is not meant is 405 and says which is") {
  const running_node node;
  auto http = node.http();
  for (const auto* target : {"/v1/register", "/v1/login", "/v1/token"}) {
    for (const auto* method : {"GET", "PUT", "DELETE"}) {
      const auto answer = http.request(method, target);
      CHECK(answer.status == 405);
      CHECK(answer.header("allow").find("POST") != std::string::npos);
    }
  }
  for (const auto* target : {"/healthz", "/readyz"}) {
    const auto answer = http.post(target, "{}");
    CHECK(answer.status == 405);
    CHECK(answer.header("allow") == "GET, HEAD");
  }
}

TEST_CASE("http: answers are JSON that nobody keeps or sniffs") {
  const running_node node;
  auto http = node.http();
  const auto answer = http.post("/v1/login", R"({"user":"ann","password":"12345678"})");
  CHECK(answer.header("content-type").starts_with("application/json"));
  CHECK(answer.header("cache-control") == "no-store");
  CHECK(answer.header("x-content-type-options") == "nosniff");
  CHECK(answer.json()["type"] == "error");
  CHECK(answer.json()["message"].is_text());
  CHECK(answer.header("www-authenticate") == "Bearer");
}

TEST_CASE("http: what is no request is 400 and ends the connection") {
  const running_node node;
  for (const auto* request :
       {"hello\r\n\r\n", "GET\r\n\r\n", "GET /healthz\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n: no name\r\n\r\n", "POST /v1/login HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        "POST /v1/login HTTP/1.1\r\ncontent-length: many\r\n\r\n",
        "POST /v1/login HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
        "POST /v1/login HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "\x16\x03\x01\x02\x00\x01\x00"}) {
    CAPTURE(request);
    auto http = node.http();
    http.write(request);
    http.stream().end_writing();
    const auto answer = http.stream().read_to_end();
    CHECK((answer.empty() || answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 505")));
  }
  auto http = node.http();
  http.write("nonsense\r\n\r\n");
  const auto answer = http.read();
  CHECK(answer.status == 400);
  CHECK(answer.json()["code"] == "bad_frame");
  CHECK(http.is_ended_by_server());
  CHECK(node.http().get("/healthz").status == 200);
}

TEST_CASE("http: a target that is no path is refused") {
  const running_node node;
  auto http = node.http();
  CHECK(http.get("nothing").status == 400);
  CHECK(http.get("*").status == 400);
  CHECK(http.get("/%").status == 400);
  CHECK(http.get("/healthz").status == 200);
}

TEST_CASE("http: a header or a body that is too large is refused") {
  const running_node node;
  auto http = node.http();
  http.write(fmt::format("GET /healthz HTTP/1.1\r\nhost: here\r\nx-large: {}\r\n\r\n", std::string(20'000, 'x')));
  CHECK(http.read().status == 431);
  CHECK(http.is_ended_by_server());

  auto said = node.http();
  said.write("POST /v1/login HTTP/1.1\r\nhost: here\r\ncontent-length: 100000000\r\n\r\n");
  const auto answer = said.read();
  CHECK(answer.status == 413);
  CHECK(answer.json()["code"] == "too_large");

  auto sent = node.http();
  sent.write(sent.text_of("POST", "/v1/login", {}, std::string(100'000, ' ')));
  CHECK(sent.read().status == 413);

  auto chunked = node.http();
  chunked.write("POST /v1/login HTTP/1.1\r\nhost: here\r\ntransfer-encoding: chunked\r\n\r\n");
  for (int i = 0; i < 10; ++i) chunked.write(fmt::format("4000\r\n{}\r\n", std::string(0x4000, ' ')));
  CHECK(chunked.read().status == 413);
}

TEST_CASE("http: clients that break off are forgotten") {
  const running_node node;
  for (int i = 0; i < 20; ++i) {
    tcp_stream in_header{node.url()};
    in_header.write("GET /healthz HT");
    in_header.reset();
    tcp_stream in_body{node.url()};
    in_body.write("POST /v1/login HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n{\"user\"");
    in_body.reset();
    tcp_stream before_answer{node.url()};
    before_answer.write("POST /v1/login HTTP/1.1\r\nhost: here\r\ncontent-length: 36\r\n\r\n"
                        R"({"user":"ann","password":"12345678"})");
    before_answer.reset();
  }
  CHECK(node.http().get("/healthz").status == 200);
}

} // namespace parley::tests
