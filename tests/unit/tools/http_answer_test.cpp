#include "tools/client/http_answer.hpp"

#include <doctest/doctest.h>

#include "tools/client/websocket_upgrade.hpp"

using namespace parley;
using namespace parley::client;

TEST_CASE("http answer: is complete when its body is") {
  const std::string whole =
      "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nCONTENT-LENGTH:  2 \r\n\r\n{}";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = read_http_answer(std::string_view{whole}.substr(0, size), false);
    REQUIRE(part.has_value());
    CHECK(!part->has_value());
  }
  const auto answer = read_http_answer(whole + "more", false);
  REQUIRE(answer.has_value());
  REQUIRE(answer->has_value());
  CHECK((*answer)->status == 401);
  CHECK((*answer)->body == "{}");
  CHECK((*answer)->header("content-type") == "application/json");
  CHECK((*answer)->bytes == whole.size());
}

TEST_CASE("http answer: without a length the body lasts to the end") {
  const std::string_view text = "HTTP/1.0 200 OK\r\n\r\nall of it";
  CHECK(!read_http_answer(text, false)->has_value());
  CHECK(read_http_answer(text, true)->value().body == "all of it");
}

TEST_CASE("http answer: after 101 another protocol follows") {
  const auto answer =
      read_http_answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x01x", false);
  REQUIRE(answer->has_value());
  CHECK((*answer)->status == 101);
  CHECK((*answer)->body.empty());
  CHECK((*answer)->bytes == 56);
}

TEST_CASE("http answer: what is not one is an error") {
  CHECK(!read_http_answer("SSH-2.0-OpenSSH\r\n\r\n", false));
  CHECK(!read_http_answer("HTTP/1.1 2x0 OK\r\n\r\n", false));
  CHECK(!read_http_answer("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", false));
  CHECK(!read_http_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", true));
  CHECK(!read_http_answer("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false));
  CHECK(!read_http_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", false));
  CHECK(!read_http_answer("", true));
  CHECK(!read_http_answer(std::string((1 << 20) + 1, 'x'), false));
}

TEST_CASE("upgrade: the key is answered as RFC 6455 shows") {
  CHECK(upgrade_accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(random_upgrade_key() != random_upgrade_key());
  CHECK(random_upgrade_key().size() == 24);
}
