#include <parley/resume_buffer.hpp>

#include <doctest/doctest.h>

using namespace parley;

namespace {

using counters = std::vector<std::uint64_t>;

std::shared_ptr<const std::string> frame(std::size_t bytes = 1) {
  return std::make_shared<const std::string>(bytes, 'x');
}

struct buffer_fixture {
  resume_buffer buffer{{.pushes_max = 3, .bytes_max = 100}};

  void keep(std::uint64_t first, std::uint64_t last) {
    for (auto s = first; s <= last; ++s) buffer.keep(frame(), s);
  }
  counters take_after(std::uint64_t s) {
    counters taken;
    for (const auto& push : buffer.take_after(s)) taken.push_back(push.s);
    return taken;
  }
};

} // namespace

TEST_CASE_FIXTURE(buffer_fixture, "resume buffer: it has what comes behind a counter, in order") {
  CHECK(buffer.floor() == 0);
  keep(1, 3);
  CHECK(buffer.floor() == 0);
  CHECK(take_after(1) == counters{2, 3});
  CHECK(take_after(1).empty());
  CHECK(buffer.floor() == 1);
}

TEST_CASE_FIXTURE(buffer_fixture, "resume buffer: at its bounds the oldest go, and nobody goes on from before them") {
  keep(1, 5);
  CHECK(buffer.floor() == 2);
  CHECK(take_after(2) == counters{3, 4, 5});
  buffer.keep(frame(60), 6);
  buffer.keep(frame(40), 7);
  CHECK(buffer.floor() == 2);
  buffer.keep(frame(1), 8);
  CHECK(buffer.floor() == 6);
  buffer.keep(frame(200), 9);
  CHECK(buffer.floor() == 9);
  CHECK(take_after(9).empty());
}

TEST_CASE_FIXTURE(buffer_fixture, "resume buffer: what was withheld is for those who had no later push") {
  keep(1, 1);
  buffer.withhold(frame(), 1);
  keep(2, 2);
  CHECK(take_after(1) == counters{1, 2});
  buffer.withhold(frame(), 2);
  keep(3, 3);
  CHECK(take_after(3).empty());
}

TEST_CASE_FIXTURE(buffer_fixture, "resume buffer: who may lack something withheld that is gone does not go on") {
  buffer.withhold(frame(), 4);
  keep(5, 6);
  CHECK(buffer.floor() == 0);
  keep(7, 7);
  CHECK(buffer.floor() == 5);
  CHECK(take_after(5) == counters{6, 7});
}

TEST_CASE_FIXTURE(buffer_fixture, "resume buffer: a floor that is raised lets go of what lies before it") {
  keep(1, 1);
  const auto last = frame();
  buffer.keep(last, 2);
  buffer.withhold(frame(), 2);
  buffer.raise_floor(2);
  CHECK(last.use_count() == 1);
  CHECK(take_after(2) == counters{2});
  buffer.withhold(frame(), 1);
  buffer.raise_floor(3);
  CHECK(take_after(3).empty());
}
