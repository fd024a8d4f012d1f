#include <doctest/doctest.h>

#include "actors/last_visits.hpp"
#include "persistence/open.hpp"
#include "tests/unit/net/auth/watched_account_store.hpp"

namespace parley::tests {

namespace {

const user_id ann{"ann"}, bob{"bob"}, cy{"cy"};
const timestamp noon = from_millis(1'790'000'000'000);

} // namespace

TEST_CASE("last visits: whoever writes first writes for all") {
  auto kept = *persistence::open_memory();
  const auto watched = std::make_shared<testing::watched_account_store>(kept.accounts);
  kept.accounts = watched;
  actors::last_visits visits;
  for (const auto& user : {ann, bob, cy}) visits.add({user, noon});
  REQUIRE(visits.write(kept));
  for (const auto& user : {ann, bob, cy}) CHECK(kept.accounts->last_seen(user).value() == noon);
  // The others find nothing left to do, and do not ask the store.
  watched->down = true;
  CHECK(visits.write(kept));
}

TEST_CASE("last visits: what could not be written is not written later, when it may be wrong") {
  auto kept = *persistence::open_memory();
  const auto watched = std::make_shared<testing::watched_account_store>(kept.accounts);
  kept.accounts = watched;
  actors::last_visits visits;
  watched->down = true;
  visits.add({ann, noon});
  CHECK(visits.write(kept).error().code == errc::unavailable);
  watched->down = false;
  CHECK(visits.write(kept));
  CHECK_FALSE(kept.accounts->last_seen(ann).value());
}

} // namespace parley::tests
