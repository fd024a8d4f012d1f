#include "persistence/spans.hpp"

#include <doctest/doctest.h>

namespace parley::tests {

namespace {

using spans = std::vector<membership_span>;

const member twice{.joined = 20, .earlier = {{1, 8}, {12, 15}}};

} // namespace

TEST_CASE("spans: what is owed begins behind the cursor and leaves out the times between") {
  CHECK(persistence::owed_spans(twice, 0, 30) == spans{{1, 8}, {12, 15}, {20, 30}});
  CHECK(persistence::owed_spans(twice, 5, 30) == spans{{6, 8}, {12, 15}, {20, 30}});
  CHECK(persistence::owed_spans(twice, 8, 30) == spans{{12, 15}, {20, 30}});
  CHECK(persistence::owed_spans(twice, 17, 30) == spans{{20, 30}});
  CHECK(persistence::owed_spans(twice, 30, 30).empty());
}

TEST_CASE("spans: what is owed ends with the membership") {
  auto gone = twice;
  gone.left = 25;
  CHECK(persistence::owed_spans(gone, 14, 30) == spans{{15, 15}, {20, 25}});
  CHECK(persistence::owed_spans(gone, 25, 30).empty());
}

TEST_CASE("spans: history is read from the beginning or the newest join, to the head or the end") {
  CHECK(persistence::readable_span(twice, history_policy::all, 30) == membership_span{1, 30});
  CHECK(persistence::readable_span(twice, history_policy::joined, 30) == membership_span{20, 30});
  auto gone = twice;
  gone.left = 25;
  CHECK(persistence::readable_span(gone, history_policy::joined, 30) == membership_span{20, 25});
}

} // namespace parley::tests
