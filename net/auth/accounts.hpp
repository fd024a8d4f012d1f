/// The built-in accounts: registration, log-in and fresh tokens for old ones.
///
/// Every request is answered once through its callback: on a thread of the password pool, or on the caller's own when
/// it is refused at once. Nothing here limits how often an address may try; the edge does that.

#pragma once

#include "net/auth/token_issuer.hpp"
#include "net/auth/work_pool.hpp"

#include <parley/account_store.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley::net {

struct grant {
  std::string token;
  std::string refresh_token;
  user_id user;
  /// When `token` expires.
  timestamp expires_at{};
};

/// Any thread may use it. Ends when all its callbacks have been called: those of waiting requests get `unavailable`.
/// `time` must outlive it.
class accounts {
public:
  using on_grant = std::function<void(result<grant>)>;

  accounts(const auth_settings& auth, std::chrono::milliseconds request_age, std::shared_ptr<account_store> store,
           const clock& time);

  /// `forbidden` when registration is off, `invalid_argument` with the field, `conflict` when the user exists.
  void register_user(std::string_view user, std::string password, std::string name, on_grant done);

  /// `unauthenticated`, and nothing more, when the user is unknown or the password wrong. The tokens are for `device`,
  /// if one is given.
  void log_in(std::string_view user, std::string password, std::optional<device_id> device, on_grant done);

  /// `unauthenticated` unless the token is one of ours and fresh. Using it twice ends its whole family.
  void refresh(std::string_view refresh_token, on_grant done);

private:
  /// Runs `work` on the pool and hands its result to `done`.
  void answer(on_grant done, std::function<result<grant>()> work);

  [[nodiscard]] result<grant> create(const user_id& user, const std::string& password, const std::string& name);
  [[nodiscard]] result<grant> check(const user_id& user, const std::string& password,
                                    const std::optional<device_id>& device);
  [[nodiscard]] result<grant> exchange(const token_digest& digest);
  /// An access token and the next refresh token of `family`.
  [[nodiscard]] result<grant> issue(const user_id& user, const std::optional<device_id>& device, const uuid& family);

  bool registration_;
  seconds refresh_lifetime_;
  token_issuer issuer_;
  std::shared_ptr<account_store> store_;
  const clock* time_;
  /// Last, so that it ends first: its jobs use all of the above.
  work_pool pool_;
};

} // namespace parley::net
