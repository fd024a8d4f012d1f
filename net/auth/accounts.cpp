#include "net/auth/accounts.hpp"

#include "net/auth/account_rules.hpp"
#include "net/auth/password.hpp"

#include <parley/ensure.hpp>

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

namespace parley::net {

namespace {

tl::unexpected<error> wrong_credentials() { return fail(errc::unauthenticated, "user or password is wrong"); }

tl::unexpected<error> user_exists(const user_id& user) {
  return fail(errc::conflict, fmt::format("the user {} exists", user.value));
}

/// Foreign users have no password, so theirs is checked against nobody's.
bool opens(const std::optional<account>& found, const std::string& password) {
  if (found && !found->password_hash.empty()) return is_password(found->password_hash, password);
  pretend_check(password);
  return false;
}

} // namespace

accounts::accounts(const auth_settings& auth, std::chrono::milliseconds request_age,
                   std::shared_ptr<account_store> store, const clock& time)
    : registration_{auth.registration},
      refresh_lifetime_{auth.refresh_lifetime},
      issuer_{auth, time},
      store_{std::move(store)},
      time_{&time},
      pool_{{.threads = auth.password_threads, .queue = auth.password_queue, .age = request_age}, time} {
  ensure(sodium_init() >= 0, "libsodium starts");
}

void accounts::answer(on_grant done, std::function<result<grant>()> work) {
  pool_.run([done = std::move(done), work = std::move(work)](result<void> may_run) {
    done(may_run ? work() : fail(std::move(may_run.error())));
  });
}

void accounts::register_user(std::string_view user, std::string password, std::string name, on_grant done) {
  if (!registration_) return done(fail(errc::forbidden, "registration is switched off"));
  auto id = parse_user_id(user);
  if (!id) return done(fail(id.error()));
  if (auto fine = check_password(password); !fine) return done(fail(fine.error()));
  if (auto fine = check_display_name(name); !fine) return done(fail(fine.error()));
  answer(std::move(done), [this, id = *std::move(id), password = std::move(password), name = std::move(name)] {
    return create(id, password, name);
  });
}

void accounts::log_in(std::string_view user, std::string password, std::optional<device_id> device, on_grant done) {
  auto id = parse_user_id(user);
  // No account has such a name or password, whoever asks; so the quick answer gives nothing away.
  if (!id || !check_password(password)) return done(wrong_credentials());
  answer(std::move(done), [this, id = *std::move(id), password = std::move(password), device = std::move(device)] {
    return check(id, password, device);
  });
}

void accounts::refresh(std::string_view refresh_token, on_grant done) {
  const auto digest = digest_of_refresh(refresh_token);
  if (!digest) return done(fail(errc::unauthenticated, "the refresh token is not known"));
  answer(std::move(done), [this, digest = *digest] { return exchange(digest); });
}

result<grant> accounts::create(const user_id& user, const std::string& password, const std::string& name) {
  // Asked before the costly hash; two registrations at once are told apart by the store.
  const auto found = store_->find(user);
  if (!found) return fail(found.error());
  if (*found) return user_exists(user);
  auto hash = hash_password(password);
  if (!hash) return fail(hash.error());
  const auto created = store_->create({user, name, *std::move(hash), time_->now()});
  if (!created && created.error().code == errc::conflict) return user_exists(user);
  if (!created) return fail(created.error());
  return issue(user, std::nullopt, random_uuid());
}

result<grant> accounts::check(const user_id& user, const std::string& password,
                              const std::optional<device_id>& device) {
  const auto found = store_->find(user);
  if (!found) return fail(found.error());
  if (!opens(*found, password)) return wrong_credentials();
  if (needs_rehash((*found)->password_hash)) spdlog::info("the password hash of {} is of another cost", user.value);
  return issue(user, device, random_uuid());
}

result<grant> accounts::exchange(const token_digest& digest) {
  const auto used = store_->use_refresh(digest, time_->now());
  if (!used) return fail(used.error());
  const auto device = used->device.value.empty() ? std::nullopt : std::optional{used->device};
  return issue(used->user, device, used->family);
}

result<grant> accounts::issue(const user_id& user, const std::optional<device_id>& device, const uuid& family) {
  auto next = make_refresh_token();
  auto added =
      store_->add_refresh({next.digest, family, user, device.value_or(device_id{}), time_->now() + refresh_lifetime_});
  if (!added) return fail(added.error());
  auto access = issuer_.mint(user, device);
  return grant{std::move(access.text), std::move(next.text), user, access.expires_at};
}

} // namespace parley::net
