/// What is known of a client when its HTTP request becomes a WebSocket.

#pragma once

#include <optional>
#include <string>

#include "net/auth/token_verifier.hpp"
#include "net/http_types.hpp"
#include "net/resume_ticket.hpp"
#include "net/subprotocol.hpp"

namespace parley::net {

struct upgrade_headers {
  std::string authorization;
  std::string origin;
  std::string host;
  /// Values of `Sec-WebSocket-Protocol`, `-Version` and `-Key`.
  std::string subprotocol;
  std::string version;
  std::string key;
};

struct upgrade {
  /// Absent: the first frame authenticates.
  std::optional<claims> bearer;
  /// As the URL names it.
  std::optional<device_id> device;
  bool skip_replay = false;
  /// The session that it wants to go on with.
  std::optional<resume_ticket> resume;
  parley::net::subprotocol protocol;
};

/// What is wrong with the opening handshake itself (RFC 6455, section 4.2.1), as the answer to it.
[[nodiscard]] std::optional<http_response> refuse_handshake(const upgrade_headers& headers);

/// Decides on a request for `/connect`, or says with what to refuse it.
[[nodiscard]] result<upgrade> decide_upgrade(const request_target& target, const upgrade_headers& headers,
                                             const token_verifier& tokens, const std::vector<std::string>& origins);

/// The device a token may be used on: the one the URL names, the token's own, or `default`. `unauthenticated` if they
/// contradict each other.
[[nodiscard]] result<device_id> device_of(const claims& bearer, const std::optional<device_id>& asked);

} // namespace parley::net
