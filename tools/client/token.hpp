/// Tokens made with the server's own key: whoever may read the secret may speak for any user.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley::client {

struct token_claims {
  user_id user;
  /// The only device the token is good for; any when empty.
  device_id device;
  std::chrono::seconds valid_for = std::chrono::hours{24};
};

/// A JSON Web Token signed with HS256; the bytes of `secret` are the key.
[[nodiscard]] std::string mint_token(std::string_view secret, const token_claims& claims, timestamp now);

/// The key that a server keeps in its `jwt.secret`: the text without the end of its line.
[[nodiscard]] result<std::string> read_secret(const std::string& file);

} // namespace parley::client
