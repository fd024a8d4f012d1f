/// Users, their passwords and their refresh tokens. Same rules for threads and errors as `log_store`.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <parley/error.hpp>
#include <parley/model.hpp>

namespace parley {

struct account {
  user_id user;
  /// What others see; may be empty.
  std::string name;
  /// Encoded Argon2id hash; empty for users of another token issuer, who cannot log in here.
  std::string password_hash;
  timestamp created_at{};
};

/// A refresh token is stored as its digest only.
using token_digest = std::array<std::uint8_t, 32>;

struct refresh_grant {
  token_digest digest{};
  /// All tokens that descend from one log-in; revoked together.
  uuid family;
  user_id user;
  device_id device;
  timestamp expires_at{};
};

/// When a user was last online.
struct last_visit {
  user_id user;
  timestamp at{};
};

class account_store {
public:
  virtual ~account_store() = default;

  /// `conflict` if the user exists.
  [[nodiscard]] virtual result<void> create(const account& fresh) = 0;
  /// Creates the user unless it exists (first valid token of a foreign issuer).
  [[nodiscard]] virtual result<void> ensure_exists(const user_id& user, timestamp now) = 0;
  [[nodiscard]] virtual result<std::optional<account>> find(const user_id& user) = 0;
  /// `not_found` if there is no such user.
  [[nodiscard]] virtual result<void> set_name(const user_id& user, const std::string& name) = 0;
  /// Users whose id or name begins with `start`, without regard to the case of ASCII letters; ordered by user.
  [[nodiscard]] virtual result<std::vector<account>> search(std::string_view start, std::size_t limit) = 0;
  /// Those of `users` that do not exist, in their order.
  [[nodiscard]] virtual result<std::vector<user_id>> missing(const std::vector<user_id>& users) = 0;

  /// `unauthenticated` if the family has been revoked (by somebody who was faster).
  [[nodiscard]] virtual result<void> add_refresh(const refresh_grant& grant) = 0;
  /// Takes the grant out for good. `unauthenticated` if it is unknown, expired, or was used before; a second use
  /// revokes its family. Forgets whatever has expired by `now`.
  [[nodiscard]] virtual result<refresh_grant> use_refresh(const token_digest& digest, timestamp now) = 0;

  /// `user` wants to hear nothing of `other` in their 1:1, or again; repeating it changes nothing.
  [[nodiscard]] virtual result<void> set_blocked(const user_id& user, const user_id& other, bool blocked) = 0;
  /// Whom `user` has blocked, ordered by user.
  [[nodiscard]] virtual result<std::vector<user_id>> blocked_by(const user_id& user) = 0;

  /// When the user was last online, if ever; never falls.
  [[nodiscard]] virtual result<std::optional<timestamp>> last_seen(const user_id& user) = 0;
  /// All in one transaction.
  [[nodiscard]] virtual result<void> set_last_seen(std::span<const last_visit> visits) = 0;
};

} // namespace parley
