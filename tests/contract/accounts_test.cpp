#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

std::vector<std::string> found_by(account_store& accounts, std::string_view start, std::size_t limit = 10) {
  std::vector<std::string> users;
  const auto found = accounts.search(start, limit).value();
  for (const auto& account : found) users.push_back(account.user.value);
  return users;
}

using users = std::vector<std::string>;

} // namespace

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
  const auto set = [&](const std::vector<last_visit>& visits) { return store.accounts->set_last_seen(visits); };
  REQUIRE(set({{ann, moment(5)}}));
  REQUIRE(set({{ann, moment(3)}}));
  CHECK(store.accounts->last_seen(ann).value() == moment(5));
  REQUIRE(set({}));
  CHECK_FALSE(store.accounts->last_seen(bob).value());
  // Several at once, in any order, and one of them twice.
  REQUIRE(set({{bob, moment(2)}, {ann, moment(8)}, {bob, moment(1)}, {ann, moment(7)}}));
  CHECK(store.accounts->last_seen(ann).value() == moment(8));
  CHECK(store.accounts->last_seen(bob).value() == moment(2));
}

TEST_CASE_TEMPLATE("accounts: a user can change the name, nobody else's", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(failed(store.accounts->set_name(ann, "Ann"), errc::not_found));
  REQUIRE(store.accounts->create({.user = ann, .name = "Ann", .password_hash = "1"}));
  REQUIRE(store.accounts->create({.user = bob, .name = "Bob"}));
  REQUIRE(store.accounts->set_name(ann, "Änne"));
  CHECK(store.accounts->find(ann).value()->name == "Änne");
  CHECK(store.accounts->find(ann).value()->password_hash == "1");
  CHECK(store.accounts->find(bob).value()->name == "Bob");
}

TEST_CASE_TEMPLATE("accounts: users are found by the beginning of id or name, in any case", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->create({.user = ann, .name = "Zelda", .password_hash = "1"}));
  REQUIRE(store.accounts->create({.user = bob, .name = "anna Bob"}));
  REQUIRE(store.accounts->create({.user = cy, .name = "Joanna"}));
  REQUIRE(store.accounts->create({.user = user_id{"ANders"}, .name = "Öse"}));
  CHECK(found_by(*store.accounts, "An") == users{"ANders", "ann", "bob"});
  CHECK(found_by(*store.accounts, "an", 2) == users{"ANders", "ann"});
  CHECK(found_by(*store.accounts, "ZELD") == users{"ann"});
  CHECK(found_by(*store.accounts, "Ö") == users{"ANders"});
  CHECK(found_by(*store.accounts, "").size() == 4);
  CHECK(found_by(*store.accounts, "x").empty());
  CHECK(store.accounts->search("zelda", 1).value().front().password_hash == "1");
}

TEST_CASE_TEMPLATE("accounts: no sign means more than itself in a search", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->create({.user = user_id{"a_b"}, .name = "100% \\o/"}));
  REQUIRE(store.accounts->create({.user = user_id{"axb"}, .name = "100 'euro'"}));
  CHECK(found_by(*store.accounts, "a_") == users{"a_b"});
  CHECK(found_by(*store.accounts, "100%") == users{"a_b"});
  CHECK(found_by(*store.accounts, "100% \\") == users{"a_b"});
  CHECK(found_by(*store.accounts, "100 '") == users{"axb"});
  CHECK(found_by(*store.accounts, "%").empty());
  CHECK(found_by(*store.accounts, "_").empty());
}

TEST_CASE_TEMPLATE("accounts: a block goes one way, and repeating it changes nothing", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  for (const auto& other : {cy, bob, cy}) REQUIRE(store.accounts->set_blocked(ann, other, true));
  CHECK(store.accounts->blocked_by(ann).value() == std::vector{bob, cy});
  CHECK(store.accounts->blocked_by(bob).value().empty());
  for (int i = 0; i < 2; ++i) REQUIRE(store.accounts->set_blocked(ann, bob, false));
  CHECK(store.accounts->blocked_by(ann).value() == std::vector{cy});
}

} // namespace parley::tests
