#include "persistence/counted_log.hpp"

#include <doctest/doctest.h>

#include <set>

#include <parley/log_lane.hpp>

#include "persistence/open.hpp"
#include "tests/contract/sample.hpp"

using namespace parley;
using namespace parley::persistence;
using namespace parley::tests;

namespace {

struct counted_fixture {
  stores kept = open_memory().value();
  std::shared_ptr<log_counts> counts = std::make_shared<log_counts>();
  std::shared_ptr<log_store> log = count_calls(kept.log, counts);
};

} // namespace

TEST_CASE_FIXTURE(counted_fixture, "counted log: each read is counted once, under its own name") {
  const auto conversation = conversation_number(1);
  (void)log->load(conversation);
  (void)log->read(conversation, {});
  (void)log->read(conversation, {});
  (void)log->changes(conversation, 1, 2, 3);
  (void)log->search(ann, {.text = "tea"});
  (void)log->acquaintances(ann, {});
  (void)log->find(conversation, ann, {});
  (void)log->find_access(conversation, ann);
  (void)log->members(conversation, std::nullopt, 10);
  (void)log->item(ann, conversation);
  (void)log->list(ann, std::nullopt, 10);
  (void)log->backlog_of(ann, phone, 10);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < log_read_kinds; ++i) {
    const auto kind = static_cast<log_read>(i);
    names.insert(to_string(kind));
    CAPTURE(to_string(kind));
    CHECK(counts->of(kind) == (kind == log_read::entries ? 2 : 1));
  }
  CHECK(names.size() == log_read_kinds);
}

TEST_CASE_FIXTURE(counted_fixture, "counted log: entries and commits are counted when they are written") {
  const auto first = conversation_number(1), second = conversation_number(2);
  const std::vector<conversation_write> batch{founding(first, {ann, bob}), founding(second, {ann, cy})};
  for (const auto& done : log->write(batch)) REQUIRE(is<committed>(done));
  CHECK(counts->entries == 2);
  CHECK(counts->commits == 1);

  SUBCASE("what collides counts as that, beside what does not") {
    const std::vector<conversation_write> half{messages(first, 1, 1), messages(second, 2, 3)};
    CHECK(is<collision>(log->write(half)[0]));
    CHECK(counts->collisions == 1);
    CHECK(counts->entries == 5);
    CHECK(counts->commits == 2);
  }
  SUBCASE("a batch of which nothing is written is no commit") {
    CHECK(is<collision>(write(*log, messages(first, 1, 1))));
    CHECK(counts->collisions == 1);
    CHECK(counts->commits == 1);
  }
  SUBCASE("a client id that is there already is a repetition") {
    commit(*log, messages(first, 2, 1, {.client = client_number(1)}));
    CHECK(is<repeated>(write(*log, messages(first, 3, 1, {.client = client_number(1)}))));
    CHECK(counts->repetitions == 1);
    CHECK(counts->entries == 3);
  }
  SUBCASE("lanes count as well, each batch once and when it is done") {
    const auto lane = log->open_lane(0);
    CHECK(lane->depth() == kept.log->open_lane(0)->depth());
    lane->put({messages(first, 2, 2)});
    CHECK(counts->entries == 2);
    const auto done = lane->take();
    REQUIRE(done.size() == 1);
    CHECK(is<committed>(done[0]));
    CHECK(counts->entries == 4);
    CHECK(counts->commits == 2);
  }
}
