/// By which name a peer is counted and rate-limited.

#pragma once

#include <string>

#include <boost/asio/ip/address.hpp>

namespace parley::net {

/// The text of an IPv4 address, also where a socket of both families shows it as `::ffff:…`. Of an IPv6 address the
/// first 64 bits: whoever has one has the other 2^64 of that network too.
[[nodiscard]] std::string limit_key(const boost::asio::ip::address& peer);

} // namespace parley::net
