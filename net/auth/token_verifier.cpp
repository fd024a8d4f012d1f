#include "net/auth/token_verifier.hpp"

#include "net/auth/base64url.hpp"
#include "net/auth/token_json.hpp"

#include <algorithm>

namespace parley::net {

namespace {

struct token_parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  /// What was signed: header and payload with the dot between them.
  std::string_view signed_text;
};

std::optional<token_parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == last || token.find('.', first + 1) != last) return std::nullopt;
  return token_parts{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
                     token.substr(0, last)};
}

timestamp from_seconds(std::int64_t count) { return timestamp{seconds{count}}; }

tl::unexpected<error> refuse(const char* why) { return fail(errc::unauthenticated, why); }

} // namespace

token_verifier::token_verifier(const jwt_settings& jwt, const clock& time, std::shared_ptr<const revocations> revoked)
    : issuer_{jwt.issuer}, audience_{jwt.audience}, time_{&time}, revoked_{std::move(revoked)} {
  if (!jwt.hs256_secret.empty()) own_.emplace(jwt.hs256_secret);
}

result<token_verifier> token_verifier::make(const jwt_settings& jwt, const clock& time,
                                            std::shared_ptr<const revocations> revoked) {
  token_verifier verifier{jwt, time, std::move(revoked)};
  if (!jwt.public_key.empty()) {
    auto key = public_key::load(jwt.public_key);
    if (!key) return fail(errc::invalid_argument, "auth.jwt.public_key: " + key.error().detail, "auth.jwt.public_key");
    verifier.foreign_.emplace(*std::move(key));
  }
  if (!verifier.own_ && !verifier.foreign_)
    return fail(errc::invalid_argument, "there is no key to verify tokens with");
  return verifier;
}

bool token_verifier::verifies(std::string_view algorithm, std::string_view text, std::string_view signature) const {
  if (algorithm == "HS256") return own_ && own_->verifies(text, signature);
  return foreign_ && foreign_->algorithm() == algorithm && foreign_->verifies(text, signature);
}

result<claims> token_verifier::verify(std::string_view token) const {
  if (token.size() > token_bytes_max) return refuse("the token is too long");
  const auto parts = split(token);
  if (!parts) return refuse("the token is not a JSON Web Token");
  const auto header = decode_base64url(parts->header);
  if (!header) return refuse("the token's header is not base64url");
  const auto algorithm = read_algorithm(*header);
  if (!algorithm) return fail(algorithm.error());
  const auto signature = decode_base64url(parts->signature);
  if (!signature || !verifies(*algorithm, parts->signed_text, *signature)) {
    return refuse("the token is not signed by a known key");
  }

  // From here on the token comes from a holder of a key.
  const auto payload = decode_base64url(parts->payload);
  if (!payload) return refuse("the token's payload is not base64url");
  const auto said = read_claims(*payload);
  if (!said) return fail(said.error());
  if (!issuer_.empty() && said->issuer != issuer_) return refuse("the token is of another issuer");
  const auto& audience = said->audience;
  if (!audience_.empty() && std::find(audience.begin(), audience.end(), audience_) == audience.end()) {
    return refuse("the token is for another audience");
  }
  claims checked;
  auto user = parse_user_id(said->subject);
  if (!user) return refuse("the token's claim sub is not a user id");
  checked.user = *std::move(user);
  if (said->device) {
    auto device = parse_device_id(*said->device);
    if (!device) return refuse("the token's claim device is not a device id");
    checked.device = *std::move(device);
  }
  checked.expires_at = from_seconds(said->expires_at);
  checked.issued_at = said->issued_at.value_or(timestamp{});

  const auto now = time_->now();
  if (said->not_before && now + token_leeway < from_seconds(*said->not_before))
    return refuse("the token is not valid yet");
  if (now >= checked.expires_at + token_leeway) return fail(errc::token_expired, "the token has expired");
  if (revoked_ && revoked_->refuses(checked)) return refuse("the device of the token was revoked");
  return checked;
}

} // namespace parley::net
