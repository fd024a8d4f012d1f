#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include "actors/receipt_keeper.hpp"
#include "tests/unit/core/session_number.hpp"

namespace parley::actors {

using namespace std::chrono_literals;

namespace {

using kind = owed_receipt::kind;

const user_id ann{"ann"}, bob{"bob"};
const instant start{1h};

/// What is due at `now`: `ann read 2-5`, one line each.
std::vector<std::string> due(receipt_keeper& keeper, instant now) {
  std::vector<std::string> lines;
  for (const auto& owed : keeper.take_due(now)) {
    const auto* what = owed.what == kind::delivered ? "delivered" : owed.what == kind::read ? "read" : "own";
    lines.push_back(fmt::format("{} {} {}-{}", owed.user.value, what, owed.from + 1, owed.to));
  }
  return lines;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("receipt keeper: the first receipt goes out at once") {
  receipt_keeper keeper;
  CHECK(keeper.is_empty());
  CHECK_FALSE(keeper.next_due());
  keeper.owe({ann, kind::delivered, 2, 5, {}});
  CHECK(*keeper.next_due() <= start);
  CHECK(due(keeper, start) == lines{"ann delivered 3-5"});
  CHECK(due(keeper, start).empty());
}

TEST_CASE("receipt keeper: further ones wait, and the last position wins") {
  receipt_keeper keeper{500ms};
  keeper.owe({ann, kind::delivered, 0, 1, {}});
  CHECK(due(keeper, start).size() == 1);
  keeper.owe({ann, kind::delivered, 1, 2, {}});
  keeper.owe({ann, kind::delivered, 2, 7, {}});
  CHECK(due(keeper, start + 499ms).empty());
  CHECK(keeper.next_due() == start + 500ms);
  CHECK(due(keeper, start + 500ms) == lines{"ann delivered 2-7"});
  CHECK(keeper.next_due() == start + 1000ms);
}

TEST_CASE("receipt keeper: users wait for themselves only") {
  receipt_keeper keeper{500ms};
  keeper.owe({ann, kind::delivered, 0, 1, {}});
  CHECK(due(keeper, start).size() == 1);
  keeper.owe({ann, kind::delivered, 1, 2, {}});
  keeper.owe({bob, kind::delivered, 0, 2, {}});
  CHECK(due(keeper, start + 10ms) == lines{"bob delivered 1-2"});
  CHECK(due(keeper, start + 500ms) == lines{"ann delivered 2-2"});
}

TEST_CASE("receipt keeper: read says delivered too") {
  receipt_keeper keeper;
  keeper.owe({ann, kind::delivered, 0, 5, {}});
  keeper.owe({ann, kind::read, 0, 5, {}});
  CHECK(due(keeper, start) == lines{"ann read 1-5"});
}

TEST_CASE("receipt keeper: delivered beyond read is said beside it") {
  receipt_keeper keeper;
  keeper.owe({ann, kind::delivered, 2, 7, {}});
  keeper.owe({ann, kind::read, 1, 4, {}});
  CHECK(due(keeper, start) == lines{"ann read 2-4", "ann delivered 5-7"});
}

TEST_CASE("receipt keeper: the own badge is apart from what others see") {
  receipt_keeper keeper;
  keeper.owe({ann, kind::own_read, 0, 4, tests::session_number(1)});
  keeper.owe({ann, kind::delivered, 0, 6, tests::session_number(2)});
  const auto owed = keeper.take_due(start);
  REQUIRE(owed.size() == 2);
  CHECK(owed[0].what == kind::delivered);
  CHECK(owed[1].what == kind::own_read);
  // The session that read, not the one that moved last.
  CHECK(owed[1].by == tests::session_number(1));
}

TEST_CASE("receipt keeper: who owes nothing any more is forgotten") {
  receipt_keeper keeper{500ms};
  keeper.owe({ann, kind::delivered, 0, 1, {}});
  CHECK(due(keeper, start).size() == 1);
  CHECK_FALSE(keeper.is_empty());
  CHECK(due(keeper, start + 499ms).empty());
  CHECK_FALSE(keeper.is_empty());
  CHECK(due(keeper, start + 500ms).empty());
  CHECK(keeper.is_empty());
  CHECK_FALSE(keeper.next_due());
}

} // namespace parley::actors
