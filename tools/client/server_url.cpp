#include "tools/client/server_url.hpp"

#include <charconv>

#include <fmt/format.h>

#include "tools/client/tls_client.hpp"

namespace parley::client {

namespace {

tl::unexpected<error> refuse(std::string_view url, std::string_view why) {
  return fail(errc::invalid_argument, fmt::format("{}: {}", url, why), "url");
}

bool starts_with_any(std::string_view text, std::string_view one, std::string_view other) {
  return text.starts_with(one) || text.starts_with(other);
}

} // namespace

std::string server_url::authority() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

std::string server_url::text() const { return (tls ? "https://" : "http://") + authority(); }

result<server_url> parse_server_url(std::string_view text, const std::string& authority) {
  const auto is_secure = starts_with_any(text, "https://", "wss://");
  if (!is_secure && !starts_with_any(text, "http://", "ws://"))
    return refuse(text, "a URL looks like http://HOST:PORT");

  auto rest = text.substr(text.find("//") + 2);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@ ") != std::string_view::npos)
    return refuse(text, "only host and port belong in this URL");

  std::string_view host = rest, port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return refuse(text, "the bracket around the address is not closed");
    host = rest.substr(1, end - 1);
    port = rest.substr(end + 1);
  } else if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
    host = rest.substr(0, colon);
    port = rest.substr(colon);
  }
  if (host.empty()) return refuse(text, "the host is missing");

  server_url url{.host = std::string{host}};
  if (is_secure) {
    url.port = 443;
    auto tls = tls_client::make(url.host, authority);
    if (!tls) return fail(tls.error());
    url.tls = std::move(*tls);
  }
  if (port.empty()) return url;
  const auto digits = port.substr(1);
  const auto [end, trouble] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
  if (port.front() != ':' || trouble != std::errc{} || end != digits.data() + digits.size() || url.port == 0)
    return refuse(text, "the port is a number from 1 to 65535");
  return url;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const auto c : text) {
    if (plain.find(c) != std::string_view::npos)
      encoded.push_back(c);
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

} // namespace parley::client
