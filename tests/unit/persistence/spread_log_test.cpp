#include "persistence/spread_log.hpp"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include <parley/log_lane.hpp>

#include "persistence/open.hpp"
#include "persistence/shard_of.hpp"
#include "tests/contract/sample.hpp"
#include "tests/unit/actors/unreliable_log.hpp"

using namespace parley;
using namespace parley::persistence;
using namespace parley::tests;

namespace {

/// Three stores in memory as shards, and one that keeps everything, to compare with.
struct spread_fixture {
  spread_fixture() {
    for (auto& one : kept) {
      shards.push_back(std::make_shared<unreliable_log>(one.log));
      logs.push_back(shards.back());
    }
    log = spread(logs, std::make_shared<crew>(2));
  }

  [[nodiscard]] unreliable_log& shard(const conversation_id& id) const { return *shards[shard_of(id, shards.size())]; }
  /// A conversation that is kept by that shard.
  [[nodiscard]] conversation_id in_shard(std::size_t number) const {
    std::uint8_t candidate = 1;
    while (shard_of(conversation_number(candidate), shards.size()) != number) ++candidate;
    return conversation_number(candidate);
  }
  void commit_to_both(const conversation_write& one) const {
    commit(*log, one);
    commit(*whole.log, one);
  }

  std::array<stores, 3> kept{open_memory().value(), open_memory().value(), open_memory().value()};
  std::vector<std::shared_ptr<unreliable_log>> shards;
  std::vector<std::shared_ptr<log_store>> logs;
  std::shared_ptr<log_store> log;
  stores whole = open_memory().value();
};

struct random_talk {
  const spread_fixture& in;
  std::mt19937 dice{7};
  std::vector<user_id> users{ann, bob, cy, dan};

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(dice() % limit); }

  void found(std::uint8_t number) {
    const auto id = conversation_number(number);
    auto first = founding(id, {ann, bob, cy, dan});
    // Each of them without somebody, so that not everybody knows everybody everywhere.
    first.members.erase(first.members.begin() + below(3) + 1);
    first.entries.front().at = moment(below(5));
    in.commit_to_both(first);
    const auto head = 1 + below(6);
    for (seq_no seq = 2; seq <= head; ++seq) {
      const auto* text = below(2) == 0 ? "tea" : "milk";
      in.commit_to_both(messages(id, seq, 1, {.author = users[below(4)], .text = text, .at = moment(below(5))}));
    }
  }
};

std::vector<conversation_id> ids_of(const std::vector<conversation_item>& items) {
  std::vector<conversation_id> ids;
  for (const auto& item : items) ids.push_back(item.record.id);
  return ids;
}

bool same(const std::vector<backlog>& one, const std::vector<backlog>& other) {
  return std::ranges::equal(one, other, [](const backlog& a, const backlog& b) {
    return a.conversation == b.conversation && a.head == b.head && a.cursor == b.cursor && a.unread == b.unread &&
           a.entries == b.entries && a.changes == b.changes;
  });
}

} // namespace

TEST_CASE_FIXTURE(spread_fixture, "spread log: a conversation is in its shard and nowhere else") {
  for (std::uint8_t number = 1; number < 40; ++number) {
    const auto id = conversation_number(number);
    commit(*log, founding(id, {ann}));
    for (const auto& one : shards) CHECK(one->load(id).value().has_value() == (one.get() == &shard(id)));
    CHECK(log->load(id).value()->head == 1);
    CHECK(log->find_access(id, ann).value()->head == 1);
    CHECK(log->item(ann, id).value()->head == 1);
    CHECK(log->members(id, {}, 10).value().size() == 1);
  }
}

TEST_CASE_FIXTURE(spread_fixture, "spread log: what is asked of a user is answered as one store would") {
  random_talk talk{*this};
  for (std::uint8_t number = 1; number < 60; ++number) talk.found(number);
  for (const auto& user : talk.users) {
    for (const std::size_t limit : {1, 2, 7, 100}) {
      CAPTURE(limit);
      std::optional<list_position> after;
      while (true) {
        const auto page = log->list(user, after, limit).value();
        CHECK(ids_of(page) == ids_of(whole.log->list(user, after, limit).value()));
        if (page.empty()) break;
        after = list_position{page.back().last->at, page.back().record.id};
      }
      for (const auto* text : {"tea", "milk", "water"}) {
        const search_query query{.text = text, .limit = limit};
        CHECK(log->search(user, query).value() == whole.log->search(user, query).value());
      }
      CHECK(same(log->backlog_of(user, phone, limit).value(), whole.log->backlog_of(user, phone, limit).value()));
    }
    const std::vector others{dan, {"nobody"}, ann, cy, bob};
    CHECK(log->acquaintances(user, others).value() == whole.log->acquaintances(user, others).value());
  }
}

TEST_CASE_FIXTURE(spread_fixture, "spread log: those one meets in one shard only are acquaintances") {
  commit(*log, founding(in_shard(0), {ann, bob}));
  commit(*log, founding(in_shard(2), {ann, cy}));
  CHECK(log->acquaintances(ann, {dan, cy, bob}).value() == std::vector{cy, bob});
  CHECK(log->acquaintances(bob, {dan, cy, ann}).value() == std::vector{ann});
}

TEST_CASE_FIXTURE(spread_fixture, "spread log: a batch is answered in its own order") {
  commit(*log, founding(in_shard(0), {ann}));
  commit(*log, founding(in_shard(1), {ann}));
  auto once = messages(in_shard(1), 2, 1, {.client = client_number(1)});
  commit(*log, once);
  auto again = once;
  again.entries.front().seq = 3;
  const std::vector batch{again, messages(in_shard(0), 2, 1), founding(in_shard(2), {ann}), messages(in_shard(0), 3, 1),
                          messages(in_shard(2), 5, 1)};
  const auto outcomes = log->write(batch);
  REQUIRE(outcomes.size() == 5);
  CHECK(is<repeated>(outcomes[0]));
  CHECK(is<committed>(outcomes[1]));
  CHECK(is<committed>(outcomes[2]));
  CHECK(is<committed>(outcomes[3]));
  CHECK(is<collision>(outcomes[4]));
  CHECK(shards[0]->writes == 2);
  CHECK(log->write({}).empty());
}

TEST_CASE_FIXTURE(spread_fixture, "spread log: a shard that is away takes nothing from the others") {
  const auto here = in_shard(0), away = in_shard(1);
  commit(*log, founding(here, {ann, bob}));
  commit(*log, founding(away, {ann, bob}));
  shards[1]->is_down = true;

  const auto outcomes = log->write(std::vector{messages(away, 2, 1), messages(here, 2, 1, {.text = "tea"})});
  CHECK(failed(outcomes[0], errc::unavailable));
  CHECK(is<committed>(outcomes[1]));
  CHECK(log->load(here).value()->head == 2);
  CHECK(log->search(ann, {.text = "tea", .conversation = here}).value().size() == 1);
  CHECK(failed(log->load(away), errc::unavailable));

  // Half an answer would look like a whole one.
  CHECK(failed(log->list(ann, {}, 10), errc::unavailable));
  CHECK(failed(log->backlog_of(ann, phone, 10), errc::unavailable));
  CHECK(failed(log->search(ann, {.text = "tea"}), errc::unavailable));
  CHECK(failed(log->acquaintances(ann, {bob}), errc::unavailable));
}

TEST_CASE_FIXTURE(spread_fixture, "spread log: its lanes are those of the shards, one behind the other") {
  shards[0]->lane_count = 2;
  shards[2]->lane_count = 3;
  log = spread(logs, std::make_shared<crew>(2));
  REQUIRE(log->lanes() == 6);
  constexpr std::array<std::size_t, 3> first_lanes{0, 2, 3};
  for (std::uint8_t number = 1; number < 60; ++number) {
    const auto id = conversation_number(number);
    CHECK(log->lane_of(id) == first_lanes[shard_of(id, 3)] + shard(id).lane_of(id));
    const auto lane = log->open_lane(log->lane_of(id));
    CHECK(shard(id).opened_lanes.back() == shard(id).lane_of(id));
    lane->put({founding(id, {ann})});
    CHECK(is<committed>(lane->take().front()));
    CHECK(shard(id).load(id).value()->head == 1);
  }
}
