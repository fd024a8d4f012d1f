#include "net/upgrade.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "net/auth/bearer_token.hpp"
#include "net/origin.hpp"

namespace parley::net {

namespace {

/// A number that cannot be read is one that no session has reached: so nothing is resumed.
std::uint64_t counter_of(std::string_view text) {
  std::uint64_t s = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), s);
  return problem == std::errc{} && end == text.data() + text.size() ? s : std::numeric_limits<std::uint64_t>::max();
}

std::optional<resume_ticket> ticket_of(const request_target& target) {
  const auto session = target.parameter("resume");
  if (!session) return std::nullopt;
  return resume_ticket{*session, target.parameter("key").value_or(""), counter_of(target.parameter("s").value_or("0"))};
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
  plan.resume = ticket_of(target);
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
