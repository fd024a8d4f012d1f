#include "net/rest/transfer_room.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace parley;
using namespace parley::net;

namespace {

const user_id ann{"ann"};
const user_id bob{"bob"};
const user_id cy{"cy"};

} // namespace

TEST_CASE("transfer room: one user does not get all of it") {
  transfer_room room{{.bytes_max = 1'000, .user_bytes_max = 400}};
  const auto first = room.take(ann, 300);
  CHECK(first);
  const auto refused = room.take(ann, 101);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::overloaded);
  CHECK(refused.error().retry_after.count() > 0);
  CHECK(room.take(bob, 400));
}

TEST_CASE("transfer room: what is given back can be taken again") {
  transfer_room room{{.bytes_max = 1'000, .user_bytes_max = 400}};
  auto first = room.take(ann, 400);
  auto copy = *first;
  first = fail(errc::internal, "");
  CHECK_FALSE(room.take(ann, 1));
  copy.reset();
  CHECK(room.take(ann, 400));
}

TEST_CASE("transfer room: all users together have a bound") {
  transfer_room room{{.bytes_max = 1'000, .user_bytes_max = 400}};
  const auto one = room.take(ann, 400), other = room.take(bob, 400);
  CHECK_FALSE(room.take(cy, 201));
  CHECK(room.take(cy, 200));
}

TEST_CASE("transfer room: a place may outlive it") {
  std::optional<transfer_room> room{transfer_limits{.bytes_max = 10, .user_bytes_max = 10}};
  auto place = room->take(ann, 10);
  room.reset();
  CHECK(place);
}
