#include "net/auth/token_issuer.hpp"

#include "net/auth/base64url.hpp"
#include "net/auth/sha256.hpp"
#include "net/auth/token_json.hpp"

#include <parley/ensure.hpp>

#include <sodium.h>

namespace parley::net {

namespace {

constexpr std::size_t refresh_bytes = 32;
constexpr std::size_t refresh_characters = 43;

} // namespace

token_issuer::token_issuer(const auth_settings& auth, const clock& time)
    : key_{auth.jwt.hs256_secret},
      issuer_{auth.jwt.issuer},
      audience_{auth.jwt.audience},
      lifetime_{auth.token_lifetime},
      time_{&time} {
  ensure(!auth.jwt.hs256_secret.empty(), "a token issuer has a secret");
}

access_token token_issuer::mint(const user_id& user, const std::optional<device_id>& device) const {
  const auto now = time_->now();
  const auto expires_at = std::chrono::floor<seconds>(now) + lifetime_;
  raw_claims said{.subject = user.value,
                  .expires_at = expires_at.time_since_epoch().count(),
                  // To the millisecond: who logs in again right after a revocation gets a token that works.
                  .issued_at = now,
                  .issuer = issuer_};
  if (device) said.device = device->value;
  if (!audience_.empty()) said.audience = {audience_};

  access_token token{encode_base64url(bytes_of(R"({"alg":"HS256","typ":"JWT"})")), expires_at};
  token.text += '.' + encode_base64url(bytes_of(write_claims(said)));
  token.text += '.' + encode_base64url(key_.sign(token.text));
  return token;
}

refresh_token make_refresh_token() {
  std::uint8_t bytes[refresh_bytes];
  randombytes_buf(bytes, sizeof bytes);
  auto text = encode_base64url(bytes);
  const auto digest = sha256(text);
  return {std::move(text), digest};
}

std::optional<token_digest> digest_of_refresh(std::string_view text) {
  if (text.size() != refresh_characters || !decode_base64url(text)) return std::nullopt;
  return sha256(text);
}

} // namespace parley::net
