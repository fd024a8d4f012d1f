#include "tools/parleyload/history_page.hpp"

#include <doctest/doctest.h>

using namespace parley::load;

TEST_CASE("history page: entries one behind the other span from the first to the last") {
  CHECK(seqs_in(R"([{"type":"message","seq":7,"text":"a"},{"type":"member","seq":8},{"seq":9,"ts":1}])") ==
        seq_span{7, 9});
  CHECK(seqs_in(R"([{"seq":1}])") == seq_span{1, 1});
}

TEST_CASE("history page: none, a hole, a repetition or another order is no page") {
  CHECK(!seqs_in("[]"));
  CHECK(!seqs_in(R"([{"seq":1},{"seq":3}])"));
  CHECK(!seqs_in(R"([{"seq":1},{"seq":1}])"));
  CHECK(!seqs_in(R"([{"seq":2},{"seq":1}])"));
  CHECK(!seqs_in(R"([{"seq":"x"}])"));
}
