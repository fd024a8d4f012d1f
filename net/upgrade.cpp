#include "net/upgrade.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "net/origin.hpp"

namespace parley::net {

namespace {

/// The token of an `Authorization` header; the scheme's name is case-insensitive (RFC 9110, section 11.1).
std::optional<std::string_view> bearer_token(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() < scheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((header[i] | 0x20) != (scheme[i] | 0x20)) return std::nullopt;
  header.remove_prefix(scheme.size());
  while (header.starts_with(' ')) header.remove_prefix(1);
  return header;
}

/// Sixteen bytes in base64.
bool is_handshake_key(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  key.remove_suffix(2);
  return std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}

} // namespace

std::optional<http_response> refuse_handshake(const upgrade_headers& headers) {
  if (headers.version != "13") {
    auto refusal = error_response(
        {errc::invalid_argument, "only version 13 of WebSocket is spoken here", "Sec-WebSocket-Version", {}}, 426);
    refusal.headers.emplace_back("Sec-WebSocket-Version", "13");
    return refusal;
  }
  if (!is_handshake_key(headers.key))
    return error_response({errc::invalid_argument, "the key is no 16 bytes in base64", "Sec-WebSocket-Key", {}});
  return std::nullopt;
}

result<upgrade> decide_upgrade(const request_target& target, const upgrade_headers& headers,
                               const token_verifier& tokens, const std::vector<std::string>& origins) {
  if (!is_origin_allowed(headers.origin, headers.host, origins))
    return fail(errc::forbidden, "this origin may not connect", "origin");

  upgrade plan;
  plan.protocol = choose_subprotocol(headers.subprotocol);
  plan.skip_replay = target.parameter("replay") == "none";
  if (const auto name = target.parameter("device")) {
    auto device = parse_device_id(*name);
    if (!device) return fail(device.error());
    plan.device = std::move(*device);
  }

  std::optional<std::string> token;
  if (!headers.authorization.empty()) {
    const auto given = bearer_token(headers.authorization);
    if (!given) return fail(errc::unauthenticated, "Authorization must be Bearer with a token");
    token = std::string{*given};
  } else {
    token = target.parameter("token");
  }
  if (!token) return plan;

  auto bearer = tokens.verify(*token);
  if (!bearer) return fail(bearer.error());
  if (const auto device = device_of(*bearer, plan.device); !device) return fail(device.error());
  plan.bearer = std::move(*bearer);
  return plan;
}

result<device_id> device_of(const claims& bearer, const std::optional<device_id>& asked) {
  if (bearer.device && asked && *bearer.device != *asked)
    return fail(errc::unauthenticated, fmt::format("the token is for the device {}", bearer.device->value));
  if (asked) return *asked;
  return bearer.device.value_or(device_id{"default"});
}

} // namespace parley::net
