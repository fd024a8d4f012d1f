#include <doctest/doctest.h>

#include "actors/position_keeper.hpp"

namespace parley::actors {

namespace {

const user_id ann{"ann"}, bob{"bob"};
const device_id phone{"phone"}, tablet{"tablet"};

conversation_write taken(position_keeper& keeper) {
  conversation_write write;
  keeper.move_into(write);
  return write;
}

} // namespace

TEST_CASE("position keeper: what moved is merged to the highest position of each kind") {
  position_keeper keeper;
  CHECK(keeper.is_clean());
  keeper.raise(position_update{ann, 5, 3, 1});
  keeper.raise(position_update{ann, 4, 4, 0});
  keeper.raise(position_update{bob, 1, 0, 0});
  CHECK_FALSE(keeper.is_clean());

  const auto write = taken(keeper);
  REQUIRE(write.positions.size() == 2);
  CHECK(write.positions[0].user == ann);
  CHECK(write.positions[0].delivered == 5);
  CHECK(write.positions[0].read == 4);
  CHECK(write.positions[0].shown == 1);
  CHECK(write.positions[1].user == bob);
  CHECK(write.positions[1].delivered == 1);
}

TEST_CASE("position keeper: it tells what waits") {
  position_keeper keeper;
  keeper.raise(position_update{ann, 5, 3, 1});
  REQUIRE(keeper.waiting().size() == 1);
  CHECK(keeper.waiting().front().read == 3);
  (void)taken(keeper);
  CHECK(keeper.waiting().empty());
}

TEST_CASE("position keeper: cursors are kept for each device") {
  position_keeper keeper;
  keeper.raise(cursor_update{ann, phone, 5});
  keeper.raise(cursor_update{ann, phone, 2});
  keeper.raise(cursor_update{ann, tablet, 1});
  const auto write = taken(keeper);
  REQUIRE(write.cursors.size() == 2);
  CHECK(write.cursors[0].device == phone);
  CHECK(write.cursors[0].seq == 5);
  CHECK(write.cursors[1].device == tablet);
  CHECK(write.cursors[1].seq == 1);
}

TEST_CASE("position keeper: what is under way is not taken twice") {
  position_keeper keeper;
  keeper.raise(position_update{ann, 5, 0, 0});
  CHECK_FALSE(keeper.is_writing());
  CHECK(taken(keeper).positions.size() == 1);
  CHECK(keeper.is_writing());
  CHECK(keeper.is_clean());
  CHECK(keeper.stored() == std::vector{ann});
  CHECK_FALSE(keeper.is_writing());
  CHECK(taken(keeper).positions.empty());
}

TEST_CASE("position keeper: who moved again while it was written is not settled") {
  position_keeper keeper;
  keeper.raise(position_update{ann, 5, 0, 0});
  keeper.raise(cursor_update{bob, phone, 5});
  (void)taken(keeper);
  keeper.raise(cursor_update{ann, phone, 6});
  CHECK(keeper.stored() == std::vector{bob});
  CHECK_FALSE(keeper.is_clean());
  (void)taken(keeper);
  CHECK(keeper.stored() == std::vector{ann});
}

TEST_CASE("position keeper: what was not stored waits again, merged with what moved meanwhile") {
  position_keeper keeper;
  keeper.raise(position_update{ann, 5, 5, 0});
  keeper.raise(cursor_update{ann, phone, 5});
  (void)taken(keeper);
  keeper.raise(position_update{ann, 3, 0, 3});
  keeper.raise(cursor_update{ann, phone, 7});
  keeper.failed();
  CHECK_FALSE(keeper.is_writing());
  const auto write = taken(keeper);
  REQUIRE(write.positions.size() == 1);
  CHECK(write.positions[0].delivered == 5);
  CHECK(write.positions[0].shown == 3);
  REQUIRE(write.cursors.size() == 1);
  CHECK(write.cursors[0].seq == 7);
}

} // namespace parley::actors
