#include "net/peer_address.hpp"

#include <algorithm>

namespace parley::net {

namespace ip = boost::asio::ip;

std::string limit_key(const ip::address& peer) {
  if (peer.is_v4()) return peer.to_string();
  const auto address = peer.to_v6();
  if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address).to_string();
  auto network = address.to_bytes();
  std::fill(network.begin() + 8, network.end(), static_cast<unsigned char>(0));
  return ip::address_v6{network}.to_string() + "/64";
}

} // namespace parley::net
