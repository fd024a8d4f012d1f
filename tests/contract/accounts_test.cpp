#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

TEST_CASE_TEMPLATE("accounts: an account comes back as it was created", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK_FALSE(store.accounts->find(ann).value());
  REQUIRE(
      store.accounts->create({.user = ann, .name = "Ann Ö", .password_hash = "$argon2id$", .created_at = moment(1)}));
  const auto found = store.accounts->find(ann).value().value();
  CHECK(found.user == ann);
  CHECK(found.name == "Ann Ö");
  CHECK(found.password_hash == "$argon2id$");
  CHECK(found.created_at == moment(1));
}

TEST_CASE_TEMPLATE("accounts: a user that exists is a conflict and stays as it was", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->create({.user = ann, .name = "Ann", .password_hash = "1"}));
  CHECK(failed(store.accounts->create({.user = ann, .name = "Eve", .password_hash = "2"}), errc::conflict));
  CHECK(store.accounts->find(ann).value()->password_hash == "1");
  CHECK(store.accounts->create({.user = user_id{"Ann"}}));
}

TEST_CASE_TEMPLATE("accounts: a user of another issuer is created once", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->ensure_exists(ann, moment(1)));
  REQUIRE(store.accounts->ensure_exists(ann, moment(2)));
  CHECK(store.accounts->find(ann).value()->created_at == moment(1));
  CHECK(store.accounts->find(ann).value()->password_hash.empty());
  REQUIRE(store.accounts->create({.user = bob, .password_hash = "1"}));
  REQUIRE(store.accounts->ensure_exists(bob, moment(2)));
  CHECK(store.accounts->find(bob).value()->password_hash == "1");
}

TEST_CASE_TEMPLATE("accounts: missing users are told in the order of the question", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->create({.user = bob}));
  CHECK(store.accounts->missing({cy, bob, ann}).value() == std::vector{cy, ann});
  CHECK(store.accounts->missing({bob}).value().empty());
  CHECK(store.accounts->missing({}).value().empty());
}

TEST_CASE_TEMPLATE("accounts: the time of the last visit never falls", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK_FALSE(store.accounts->last_seen(ann).value());
  REQUIRE(store.accounts->set_last_seen(ann, moment(5)));
  REQUIRE(store.accounts->set_last_seen(ann, moment(3)));
  CHECK(store.accounts->last_seen(ann).value() == moment(5));
  REQUIRE(store.accounts->set_last_seen(ann, moment(8)));
  CHECK(store.accounts->last_seen(ann).value() == moment(8));
  CHECK_FALSE(store.accounts->last_seen(bob).value());
}

} // namespace parley::tests
