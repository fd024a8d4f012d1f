#include "net/auth/accounts.hpp"
#include "net/auth/token_verifier.hpp"
#include "persistence/open.hpp"
#include "tests/unit/net/auth/watched_account_store.hpp"

#include <doctest/doctest.h>

#include <future>

using namespace parley;
using namespace parley::net;
using namespace std::chrono_literals;

namespace {

auth_settings test_settings() {
  auth_settings auth;
  auth.jwt.hs256_secret = "secret";
  return auth;
}

struct account_service {
  manual_clock time;
  std::shared_ptr<account_store> kept = persistence::open_memory()->accounts;
  std::shared_ptr<testing::watched_account_store> store = std::make_shared<testing::watched_account_store>(kept);
  auth_settings auth = test_settings();
  accounts service{auth, 5s, store, time};

  /// Calls a function of the service with a callback behind `arguments`, and waits for the answer.
  template <class... Parameters, class... Arguments>
  result<grant> ask(void (accounts::*function)(Parameters...), Arguments... arguments) {
    std::promise<result<grant>> answer;
    (service.*function)(std::move(arguments)..., [&](result<grant> given) { answer.set_value(std::move(given)); });
    return answer.get_future().get();
  }
  result<grant> register_user(std::string user, std::string password, std::string name = {}) {
    return ask(&accounts::register_user, std::move(user), std::move(password), std::move(name));
  }
  result<grant> log_in(std::string user, std::string password, std::optional<device_id> device = {}) {
    return ask(&accounts::log_in, std::move(user), std::move(password), std::move(device));
  }
  result<grant> refresh(std::string token) { return ask(&accounts::refresh, std::move(token)); }

  result<claims> verify(const std::string& token) { return token_verifier::make(auth.jwt, time)->verify(token); }
};

} // namespace

TEST_CASE_FIXTURE(account_service, "accounts: a registered user gets tokens and can log in") {
  const auto registered = register_user("ann", "correct horse", "Ann");
  REQUIRE(registered);
  CHECK(registered->user.value == "ann");
  CHECK(verify(registered->token)->user.value == "ann");
  CHECK(verify(registered->token)->expires_at == registered->expires_at);
  CHECK((*kept->find(user_id{"ann"}))->name == "Ann");

  const auto logged_in = log_in("ann", "correct horse", device_id{"phone"});
  REQUIRE(logged_in);
  CHECK(verify(logged_in->token)->device == device_id{"phone"});
  CHECK(logged_in->refresh_token != registered->refresh_token);
}

TEST_CASE_FIXTURE(account_service, "accounts: a wrong password and an unknown user get the same answer") {
  REQUIRE(register_user("ann", "correct horse"));
  REQUIRE(kept->ensure_exists(user_id{"foreign"}, time.now()));
  const auto wrong = log_in("ann", "wrong horse");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error() == error{errc::unauthenticated, "user or password is wrong", "", 0ms});
  CHECK(log_in("bob", "correct horse").error() == wrong.error());
  CHECK(log_in("foreign", "correct horse").error() == wrong.error());
  CHECK(log_in("foreign", "").error() == wrong.error());
  CHECK(log_in("ann", "short").error() == wrong.error());
  CHECK(log_in("not a user", "correct horse").error() == wrong.error());
}

TEST_CASE_FIXTURE(account_service, "accounts: a user registers once") {
  REQUIRE(register_user("ann", "correct horse"));
  REQUIRE(kept->ensure_exists(user_id{"foreign"}, time.now()));
  CHECK(register_user("ann", "another horse").error().code == errc::conflict);
  CHECK(register_user("foreign", "another horse").error().code == errc::conflict);
  CHECK(log_in("ann", "correct horse"));
}

TEST_CASE_FIXTURE(account_service, "accounts: two registrations of a user at once make one account") {
  std::promise<result<grant>> first, second;
  service.register_user("ann", "correct horse", "", [&](result<grant> given) { first.set_value(std::move(given)); });
  service.register_user("ann", "another horse", "", [&](result<grant> given) { second.set_value(std::move(given)); });
  const bool one = first.get_future().get().has_value();
  const bool other = second.get_future().get().has_value();
  CHECK(one != other);
}

TEST_CASE_FIXTURE(account_service, "accounts: a bad registration names the field") {
  CHECK(register_user("a b", "correct horse").error().field == "user");
  CHECK(register_user("ann", "short").error().field == "password");
  CHECK(register_user("ann", "correct horse", "a\nb").error().field == "name");
  CHECK(store->callers().empty());
}

TEST_CASE("accounts: registration can be switched off") {
  account_service open;
  auto closed = test_settings();
  closed.registration = false;
  accounts service{closed, 5s, open.store, open.time};
  errc code{};
  service.register_user("ann", "correct horse", "", [&](const result<grant>& given) { code = given.error().code; });
  CHECK(code == errc::forbidden);
}

TEST_CASE_FIXTURE(account_service, "accounts: a refresh token gives the next ones, for the same device") {
  REQUIRE(register_user("ann", "correct horse"));
  const auto first = log_in("ann", "correct horse", device_id{"phone"});
  time.advance(10min);
  const auto second = refresh(first->refresh_token);
  REQUIRE(second);
  CHECK(second->refresh_token != first->refresh_token);
  CHECK(second->expires_at == first->expires_at + 10min);
  CHECK(verify(second->token)->device == device_id{"phone"});
  CHECK(refresh(second->refresh_token));
}

TEST_CASE_FIXTURE(account_service, "accounts: a refresh token used twice ends its family, and no other") {
  const auto first = register_user("ann", "correct horse");
  const auto other = log_in("ann", "correct horse");
  const auto second = refresh(first->refresh_token);
  REQUIRE(second);
  CHECK(refresh(first->refresh_token).error().code == errc::unauthenticated);
  CHECK(refresh(second->refresh_token).error().code == errc::unauthenticated);
  CHECK(refresh(other->refresh_token));
}

TEST_CASE_FIXTURE(account_service, "accounts: an expired, unknown or malformed refresh token is refused") {
  const auto granted = register_user("ann", "correct horse");
  CHECK(refresh(make_refresh_token().text).error().code == errc::unauthenticated);
  CHECK(refresh("").error().code == errc::unauthenticated);
  CHECK(refresh(granted->token).error().code == errc::unauthenticated);
  time.advance(auth.refresh_lifetime);
  CHECK(refresh(granted->refresh_token).error().code == errc::unauthenticated);
}

TEST_CASE_FIXTURE(account_service, "accounts: the store never sees a token or a password") {
  const auto granted = register_user("ann", "correct horse");
  CHECK((*kept->find(user_id{"ann"}))->password_hash.find("horse") == std::string::npos);
  CHECK(kept->use_refresh(*digest_of_refresh(granted->refresh_token), time.now()));
}

TEST_CASE_FIXTURE(account_service, "accounts: the store is called on the pool's threads only") {
  REQUIRE(register_user("ann", "correct horse"));
  const auto granted = log_in("ann", "correct horse");
  REQUIRE(refresh(granted->refresh_token));
  CHECK(store->callers().size() == 1);
  CHECK_FALSE(store->callers().contains(std::this_thread::get_id()));
}

TEST_CASE_FIXTURE(account_service, "accounts: without the store every answer is unavailable") {
  REQUIRE(register_user("ann", "correct horse"));
  store->down = true;
  CHECK(register_user("bob", "correct horse").error().code == errc::unavailable);
  CHECK(log_in("ann", "correct horse").error().code == errc::unavailable);
  CHECK(log_in("bob", "correct horse").error().code == errc::unavailable);
  CHECK(refresh(make_refresh_token().text).error().code == errc::unavailable);
}
