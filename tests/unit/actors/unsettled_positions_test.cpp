#include <doctest/doctest.h>

#include "actors/unsettled_positions.hpp"

namespace parley::actors {

TEST_CASE("unsettled positions: a conversation is listed once until it is cleared") {
  unsettled_positions open;
  const user_id ann{"ann"}, bob{"bob"};
  const auto lunch = random_conversation(), dinner = random_conversation();
  CHECK(open.of(ann).empty());
  open.mark(ann, lunch);
  open.mark(ann, lunch);
  open.mark(ann, dinner);
  open.mark(bob, dinner);
  CHECK(open.of(ann) == std::vector{lunch, dinner});
  open.clear(ann, lunch);
  open.clear(ann, lunch);
  CHECK(open.of(ann) == std::vector{dinner});
  open.clear(ann, dinner);
  CHECK(open.of(ann).empty());
  CHECK(open.of(bob) == std::vector{dinner});
}

} // namespace parley::actors
