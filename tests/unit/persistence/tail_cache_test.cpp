#include "persistence/tail_cache.hpp"

#include <doctest/doctest.h>

#include <random>

#include <parley/entry_view.hpp>
#include <parley/log_lane.hpp>

#include "persistence/counted_log.hpp"
#include "persistence/open.hpp"
#include "tests/contract/sample.hpp"

using namespace parley;
using namespace parley::persistence;
using namespace parley::tests;

namespace {

/// Two nodes that remember, each by itself, before one store.
struct two_nodes {
  explicit two_nodes(const tail_cache_options& options = {}) {
    for (auto& node : nodes) node = remember_tails(count_calls(kept.log, counts), options);
  }

  stores kept = open_memory().value();
  std::shared_ptr<log_counts> counts = std::make_shared<log_counts>();
  std::array<std::shared_ptr<log_store>, 2> nodes;

  [[nodiscard]] std::uint64_t reads() const { return counts->of(log_read::entries) + counts->of(log_read::changes); }
};

/// Entries first..last as history shows them.
std::vector<entry> page(log_store& of, const conversation_id& id, seq_no first, seq_no last) {
  const auto head = of.find_access(id, ann).value()->head;
  auto items = of.read(id, {.after = first - 1, .before = last + 1, .limit = last + 1 - first}).value();
  return with_changes(std::move(items), of.changes(id, first, last, head).value());
}

conversation_write deletion(const conversation_id& in, seq_no seq, seq_no target) {
  conversation_write write{.conversation = in, .entries = {change(in, seq, entry_kind::deleted, target)}};
  write.erased = {target};
  return write;
}

} // namespace

TEST_CASE("tail cache: the newest page is read once, then only what has been added") {
  two_nodes both;
  auto& log = *both.nodes[0];
  const auto id = conversation_number(1);
  commit(log, founding(id, {ann, bob}));
  commit(log, messages(id, 2, 99));
  CHECK(page(log, id, 51, 100).size() == 50);
  const auto before = both.reads();
  CHECK(page(log, id, 51, 100) == page(*both.kept.log, id, 51, 100));
  CHECK(both.reads() == before);

  // Its own writes are remembered as they are committed, through `write` and through a lane.
  commit(log, messages(id, 101, 1));
  const auto lane = log.open_lane(0);
  lane->put({messages(id, 102, 1)});
  REQUIRE(is<committed>(lane->take().front()));
  CHECK(page(log, id, 53, 102).size() == 50);
  CHECK(both.reads() == before);

  // Those of others are read: one page from behind what is known.
  commit(*both.nodes[1], messages(id, 103, 2));
  CHECK(page(log, id, 55, 104).size() == 50);
  CHECK(both.reads() == before + 1);
}

TEST_CASE("tail cache: what was deleted is gone from memory too") {
  two_nodes both;
  const auto id = conversation_number(1);
  commit(*both.nodes[0], founding(id, {ann, bob}));
  commit(*both.nodes[0], messages(id, 2, 5));
  for (const auto& node : both.nodes) CHECK(page(*node, id, 1, 6).size() == 6);
  commit(*both.nodes[0], deletion(id, 7, 3));
  for (const auto& node : both.nodes) {
    // An older page, too.
    (void)page(*node, id, 1, 5);
    const auto items = node->read(id, {.after = 0, .before = 6, .limit = 5}).value();
    CHECK(items[2].body == "{}");
    CHECK_FALSE(items[2].countable);
  }
}

TEST_CASE("tail cache: it holds no more than it may") {
  two_nodes both{{.entries_max = 20, .bytes_max = 16 * 2'000}};
  auto& log = *both.nodes[0];
  for (std::uint8_t i = 1; i <= 60; ++i) {
    const auto id = conversation_number(i);
    commit(log, founding(id, {ann}));
    commit(log, messages(id, 2, 50, {.text = std::string(100, 'x')}));
    CHECK(page(log, id, 42, 51).size() == 10);
  }
  const auto before = both.reads();
  for (std::uint8_t i = 1; i <= 60; ++i) CHECK(page(log, conversation_number(i), 42, 51).size() == 10);
  // At most 2,000 bytes on each of sixteen shelves: ten entries of over 200 bytes do not stay.
  CHECK(both.reads() == before + 120);
}

TEST_CASE("tail cache: random schedules, two nodes show what the store has") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto upto = [&](seq_no most) { return std::uniform_int_distribution<seq_no>{1, most}(random); };
  for (int schedule = 0; schedule < 200; ++schedule) {
    two_nodes both{{.entries_max = 12, .bytes_max = 16 * 8'000}};
    std::array<seq_no, 3> heads{};
    for (std::uint8_t i = 0; i < heads.size(); ++i) {
      commit(*both.nodes[0], founding(conversation_number(i), {ann, bob}));
      heads[i] = 1;
    }
    for (int step = 0; step < 80; ++step) {
      const auto which = static_cast<std::uint8_t>(upto(heads.size()) - 1);
      const auto id = conversation_number(which);
      auto& head = heads[which];
      auto& node = *both.nodes[upto(2) - 1];
      const auto choice = upto(10);
      if (choice <= 4) {
        const auto count = upto(4);
        commit(node, messages(id, head + 1, count, {.text = std::to_string(step)}));
        head += count;
      } else if (choice == 5 && head > 1) {
        commit(node, deletion(id, head + 1, 1 + upto(head - 1)));
        ++head;
      } else if (choice == 6 && head > 1) {
        commit(node, {.conversation = id, .entries = {change(id, head + 1, entry_kind::edited, 1 + upto(head - 1))}});
        ++head;
      } else {
        // Newest pages mostly, older ones now and then.
        const auto last = upto(3) == 1 ? upto(head) : head;
        const auto first = last - std::min(last - 1, upto(10) - 1);
        CHECK(page(node, id, first, last) == page(*both.kept.log, id, first, last));
      }
    }
  }
}
