#include "cluster/link/address.hpp"

#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

namespace parley::cluster::link {

result<host_port> split_address(std::string_view text) {
  const auto refuse = [&] { return fail(errc::invalid_argument, fmt::format("'{}' is not HOST:PORT", text)); };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refuse();
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  host_port split;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, trouble] = std::from_chars(digits.data(), end, split.port);
  if (trouble != std::errc{} || stop != end) return refuse();
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty()) return refuse();
  split.host = host;
  return split;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace parley::cluster::link
