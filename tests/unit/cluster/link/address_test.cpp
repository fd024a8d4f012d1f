#include <doctest/doctest.h>

#include "cluster/link/address.hpp"

using namespace parley;
using namespace parley::cluster::link;

TEST_CASE("address: host and port are split at the last colon") {
  const auto name = split_address("node-1.example.com:7000");
  REQUIRE(name);
  CHECK(name->host == "node-1.example.com");
  CHECK(name->port == 7000);
  const auto six = split_address("[::1]:0");
  REQUIRE(six);
  CHECK(six->host == "::1");
  CHECK(six->port == 0);
}

TEST_CASE("address: what is none is refused") {
  for (const auto* const text : {"", ":1", "host", "host:", "host:65536", "host:1x", "[]:1"}) {
    CAPTURE(text);
    CHECK(!split_address(text));
  }
}

TEST_CASE("address: loopback is what no other machine reaches") {
  for (const auto* const host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) CHECK(is_loopback(host));
  for (const auto* const host : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost.example.com"})
    CHECK(!is_loopback(host));
}
