#include "net/peer_address.hpp"

#include <doctest/doctest.h>

using boost::asio::ip::make_address;
using parley::net::limit_key;

TEST_CASE("peer address: one of version 4 is counted as it is") {
  CHECK(limit_key(make_address("192.0.2.7")) == "192.0.2.7");
  CHECK(limit_key(make_address("::ffff:192.0.2.7")) == "192.0.2.7");
}

TEST_CASE("peer address: of one of version 6 the network is counted") {
  CHECK(limit_key(make_address("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64");
  CHECK(limit_key(make_address("2001:db8:1:2:ffff::1")) == "2001:db8:1:2::/64");
  CHECK(limit_key(make_address("2001:db8:1:3::1")) == "2001:db8:1:3::/64");
  CHECK(limit_key(make_address("fe80::1%1")) == "fe80::/64");
}
