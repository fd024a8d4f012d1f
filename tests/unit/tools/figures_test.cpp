#include "tools/parleyload/figures.hpp"

#include <doctest/doctest.h>

using namespace parley::load;

namespace {

figures sample() {
  histogram times;
  for (int i = 1; i <= 100; ++i) times.record(std::chrono::milliseconds{i});
  figures made{"idle"};
  made.add("connections", "sessions", 1500).add("share", "share", 0.25).add("readyUs", "due to ready", times);
  made.add("failures", "failed", std::map<std::string, std::uint64_t, std::less<>>{{"refused", 2}});
  return made;
}

} // namespace

TEST_CASE("figures: JSON has every figure by its key, whole numbers without a fraction") {
  const auto text = sample().as_json(true);
  CHECK(text.starts_with(R"({"mode":"idle","ok":true,"connections":1500,"share":2.5E-1,"readyUs":{"p50":5)"));
  CHECK(text.ends_with(R"("max":1E5},"failures":{"refused":2}})"));
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("figures: the table has the same by its label, and says how it ended") {
  const auto table = sample().as_table(false);
  for (const auto* part :
       {"idle\n", "sessions", " 1500\n", " 0.25\n", "p50 50.", "max 100.00 ms", "failed 2: refused\n"}) {
    CAPTURE(part);
    CHECK(table.find(part) != std::string::npos);
  }
  CHECK(table.ends_with("FAILED\n"));
  CHECK(sample().as_table(true).ends_with("all was well\n"));
}
