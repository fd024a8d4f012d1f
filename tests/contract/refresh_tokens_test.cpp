#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

token_digest digest_number(std::uint8_t number) { return {number, 7}; }

refresh_grant grant(std::uint8_t number, std::uint8_t family, std::int64_t expires_at = 1'000) {
  refresh_grant made{.digest = digest_number(number), .user = ann, .device = phone, .expires_at = moment(expires_at)};
  made.family.bytes.front() = family;
  return made;
}

} // namespace

TEST_CASE_TEMPLATE("refresh token: it works once and gives back what was granted", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->add_refresh(grant(1, 1)));
  const auto used = store.accounts->use_refresh(digest_number(1), moment(5)).value();
  CHECK(used.digest == digest_number(1));
  CHECK(used.family == grant(1, 1).family);
  CHECK(used.user == ann);
  CHECK(used.device == phone);
  CHECK(used.expires_at == moment(1'000));
  CHECK(failed(store.accounts->use_refresh(digest_number(1), moment(6)), errc::unauthenticated));
  CHECK(failed(store.accounts->use_refresh(digest_number(9), moment(6)), errc::unauthenticated));
}

TEST_CASE_TEMPLATE("refresh token: a second use revokes its family and no other", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->add_refresh(grant(1, 1)));
  REQUIRE(store.accounts->add_refresh(grant(5, 2)));
  REQUIRE(store.accounts->use_refresh(digest_number(1), moment(1)));
  REQUIRE(store.accounts->add_refresh(grant(2, 1)));
  CHECK(failed(store.accounts->use_refresh(digest_number(1), moment(2)), errc::unauthenticated));
  CHECK(failed(store.accounts->use_refresh(digest_number(2), moment(3)), errc::unauthenticated));
  CHECK(store.accounts->use_refresh(digest_number(5), moment(3)));
}

TEST_CASE_TEMPLATE("refresh token: a revoked family gets no new one", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->add_refresh(grant(1, 1)));
  REQUIRE(store.accounts->use_refresh(digest_number(1), moment(1)));
  // A thief is faster than the token that the rightful user is about to get.
  REQUIRE_FALSE(store.accounts->use_refresh(digest_number(1), moment(2)));
  CHECK(failed(store.accounts->add_refresh(grant(2, 1)), errc::unauthenticated));
  CHECK(failed(store.accounts->use_refresh(digest_number(2), moment(3)), errc::unauthenticated));
}

TEST_CASE_TEMPLATE("refresh token: it ends at its time", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->add_refresh(grant(1, 1, 100)));
  REQUIRE(store.accounts->add_refresh(grant(2, 2, 100)));
  CHECK(store.accounts->use_refresh(digest_number(1), moment(99)));
  CHECK(failed(store.accounts->use_refresh(digest_number(2), moment(100)), errc::unauthenticated));
  CHECK(failed(store.accounts->use_refresh(digest_number(2), moment(50)), errc::unauthenticated));
}

TEST_CASE_TEMPLATE("refresh token: the end of one leaves the others", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.accounts->add_refresh(grant(1, 1, 100)));
  REQUIRE(store.accounts->add_refresh(grant(2, 1, 200)));
  REQUIRE(failed(store.accounts->use_refresh(digest_number(1), moment(150)), errc::unauthenticated));
  CHECK(store.accounts->use_refresh(digest_number(2), moment(150)));
}

} // namespace parley::tests
