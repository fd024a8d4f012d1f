#include "tools/parleyload/process_stats.hpp"

#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace parley::load;

TEST_CASE("process figures: a number is found behind a name that begins a line") {
  constexpr auto text =
      "Rss:                1234 kB\nPss:                1000 kB\nPss_Anon:            900 kB\nEmpty:\n";
  CHECK(number_behind(text, "Rss:") == 1234);
  CHECK(number_behind(text, "Pss:") == 1000);
  CHECK(number_behind(text, "Pss_Anon:") == 900);
  CHECK(!number_behind(text, "ss:"));
  CHECK(!number_behind(text, "Slab:"));
  CHECK(!number_behind(text, "Empty:"));
  CHECK(!number_behind("", "Rss:"));
}

TEST_CASE("process figures: memory that is used is seen, in the process and not in another") {
  const auto before = memory_of(::getpid());
  REQUIRE(before);
  const std::vector<char> used(32 << 20, 'x');
  const auto after = memory_of(::getpid());
  CHECK(after->anonymous_bytes >= before->anonymous_bytes + (24U << 20));
  CHECK(after->resident_bytes >= after->anonymous_bytes);
  CHECK(used.back() == 'x');
  CHECK(!memory_of(-1));
}

TEST_CASE("process figures: the kernel tells what it uses itself") {
  const auto now = kernel_memory_now();
  REQUIRE(now);
  CHECK(now->slab_bytes > (1U << 20));
}
