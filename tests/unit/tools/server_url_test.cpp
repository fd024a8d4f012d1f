#include "tools/client/server_url.hpp"

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::client;

TEST_CASE("server url: host and port, with the port of HTTP when there is none") {
  CHECK(parse_server_url("http://127.0.0.1:8080") == server_url{"127.0.0.1", 8080});
  CHECK(parse_server_url("http://chat.example/") == server_url{"chat.example", 80});
  CHECK(parse_server_url("ws://localhost:1") == server_url{"localhost", 1});
  CHECK(parse_server_url("http://[::1]:8080") == server_url{"::1", 8080});
}

TEST_CASE("server url: is written as it was read") {
  CHECK(parse_server_url("http://[::1]:8080")->text() == "http://[::1]:8080");
  CHECK(parse_server_url("http://chat.example")->authority() == "chat.example:80");
}

TEST_CASE("server url: TLS has a port of its own, and trusts whom it is told to") {
  CHECK(parse_server_url("https://chat.example")->text() == "https://chat.example:443");
  CHECK(parse_server_url("wss://[::1]:8443")->text() == "https://[::1]:8443");
  CHECK(parse_server_url("wss://chat.example")->tls);
  CHECK(!parse_server_url("ws://chat.example")->tls);
  const auto refused = parse_server_url("https://chat.example", "/no/such/file");
  REQUIRE(!refused);
  CHECK(refused.error().code == errc::invalid_argument);
  CHECK(refused.error().detail.find("/no/such/file") != std::string::npos);
}

TEST_CASE("server url: anything else is refused") {
  for (const auto* const text :
       {"", "chat.example", "ftp://x", "http://", "http://:80", "http://x:", "http://x:0", "http://x:65536",
        "http://x:80a", "http://x/path", "http://a@b", "http://[::1", "http://[::1]80"}) {
    CAPTURE(text);
    CHECK(!parse_server_url(text));
  }
}

TEST_CASE("percent encoding: leaves what may stand in a query") {
  CHECK(percent_encode("a-Z_0.9~") == "a-Z_0.9~");
  CHECK(percent_encode("a b&c=ü+") == "a%20b%26c%3D%C3%BC%2B");
}
