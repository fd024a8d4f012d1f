#include "net/bridge.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <thread>

#include "tests/unit/core/sample.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

struct bridge_fixture {
  int woken = 0;
  bridge link{3, [this] { ++woken; }};

  void push(const conversation_id& in, seq_no seq) { link.push(make_live(message(in, seq, bob))); }

  /// What came, in short: `1:5` an entry, a word for anything else.
  std::vector<std::string> take() {
    std::vector<std::string> came;
    for (const auto& one : link.take()) {
      if (const auto* pushed = std::get_if<entry_pushed>(&one))
        came.push_back((pushed->item->conversation == lunch ? "1:" : "2:") + std::to_string(pushed->item->seq));
      else if (const auto* reply = std::get_if<replied>(&one))
        came.push_back(reply->frame);
      else if (const auto* event = std::get_if<event_pushed>(&one))
        came.push_back(*event->open_frame);
      else
        came.push_back("#" + std::to_string(one.index()));
    }
    return came;
  }
  using lines = std::vector<std::string>;
};

std::shared_ptr<const std::string> shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

} // namespace

TEST_CASE_FIXTURE(bridge_fixture, "bridge: what is said arrives in its order") {
  push(lunch, 1);
  link.reply("reply");
  link.event(shared("receipt"));
  push(dinner, 7);
  CHECK(take() == lines{"1:1", "reply", "receipt", "2:7"});
  CHECK(take().empty());
}

TEST_CASE("bridge: everything that actors can say has its way through") {
  bridge link{10, [] {}};
  link.push(make_live(message(lunch, 1, bob)));
  link.event(shared("receipt"));
  link.ephemeral(shared("typing"));
  link.hint(dinner, 8);
  link.acknowledge({.ref = "r", .conversation = lunch, .seq = 4});
  link.reply("reply");
  link.refuse("r", {errc::not_found, "", {}, {}});
  link.reply_history("history", lunch, 9);
  link.finish();
  link.greet();
  link.replay(lunch, 2, {make_live(message(lunch, 3, bob))}, 3);
  link.end_replay("synced");
  link.fill(dinner, {make_live(message(dinner, 3, bob))});
  link.close(actors::close_code::drain, "why");
  const auto came = link.take();
  REQUIRE(came.size() == std::variant_size_v<arrival>);
  for (std::size_t i = 0; i < came.size(); ++i) CHECK(came[i].index() == i);
  CHECK(std::get<pull_changed>(came[3]).head == 8);
  CHECK(std::get<acknowledgement>(came[4]).ref == "r");
  CHECK(std::get<refused>(came[6]).why.code == errc::not_found);
  CHECK(std::get<history_replied>(came[7]).head == 9);
  CHECK(std::get<replayed>(came[10]).cursor == 2);
  CHECK(std::get<replayed>(came[10]).items.size() == 1);
  CHECK(std::get<hole_filled>(came[12]).conversation == dinner);
  CHECK(std::get<close_wanted>(came[13]).reason == "why");
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: a burst wakes its reader once, and so does the next one") {
  push(lunch, 1);
  link.reply("reply");
  push(lunch, 2);
  CHECK(woken == 1);
  CHECK(take().size() == 3);
  CHECK(woken == 1);
  link.finish();
  CHECK(woken == 2);
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: beyond the bound the first and the newest entry of a conversation stay") {
  for (seq_no seq = 1; seq <= 9; ++seq) push(lunch, seq);
  CHECK(take() == lines{"1:1", "1:2", "1:3", "1:4", "1:9"});
  for (seq_no seq = 10; seq <= 13; ++seq) push(lunch, seq);
  CHECK(take() == lines{"1:10", "1:11", "1:12", "1:13"});
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: beyond the bound no conversation is forgotten") {
  for (seq_no seq = 1; seq <= 5; ++seq) push(lunch, seq);
  push(dinner, 1);
  const auto came = take();
  CHECK(came.size() == 6);
  CHECK(std::find(came.begin(), came.end(), "1:5") != came.end());
  CHECK(std::find(came.begin(), came.end(), "2:1") != came.end());
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: a late entry does not take the place of the newest") {
  for (const seq_no seq : {1, 2, 3, 4, 8, 6, 5}) push(lunch, seq);
  CHECK(take() == lines{"1:1", "1:2", "1:3", "1:4", "1:8"});
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: at the bound receipts are dropped and answers are not") {
  for (seq_no seq = 1; seq <= 3; ++seq) push(lunch, seq);
  link.event(shared("receipt"));
  link.reply("reply");
  link.close(actors::close_code::internal, "");
  CHECK(take() == lines{"1:1", "1:2", "1:3", "reply", "#13"});
  link.event(shared("receipt"));
  CHECK(take() == lines{"receipt"});
}

TEST_CASE_FIXTURE(bridge_fixture,
                  "bridge: at the bound the newest hint of a conversation stays, and frames that may be lost are") {
  for (seq_no seq = 1; seq <= 3; ++seq) push(lunch, seq);
  link.ephemeral(shared("typing"));
  link.hint(dinner, 7);
  link.hint(dinner, 9);
  link.hint(dinner, 8);
  const auto came = link.take();
  REQUIRE(came.size() == 4);
  CHECK(std::get<pull_changed>(came[3]).conversation == dinner);
  CHECK(std::get<pull_changed>(came[3]).head == 9);
}

TEST_CASE_FIXTURE(bridge_fixture,
                  "bridge: beyond the bound the entry with which a conversation is pushed again is kept") {
  for (seq_no seq = 1; seq <= 4; ++seq) push(lunch, seq);
  auto begin = *make_live(message(lunch, 9, bob));
  begin.begins_push = true;
  link.push(std::make_shared<const live_entry>(begin));
  push(lunch, 10);
  push(lunch, 11);
  CHECK(take() == lines{"1:1", "1:2", "1:3", "1:9", "1:11"});
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: its focus begins and ends in order with what is said around it") {
  link.focus(lunch, 4);
  push(lunch, 5);
  link.unfocus(lunch);
  const auto came = link.take();
  REQUIRE(came.size() == 3);
  CHECK(std::get<pull_changed>(came[0]).focus == pull_changed::focus_kind::begins);
  CHECK(std::get<pull_changed>(came[0]).head == 4);
  CHECK(std::get<pull_changed>(came[2]).focus == pull_changed::focus_kind::ends);
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: who reads from now on is woken by what waits, and by what comes") {
  push(lunch, 1);
  link.rewire([] {});
  push(lunch, 2);
  CHECK(woken == 1);
  int now_woken = 0;
  link.rewire([&] { ++now_woken; });
  CHECK(now_woken == 1);
  CHECK(take() == lines{"1:1", "1:2"});
  push(lunch, 3);
  CHECK(now_woken == 2);
  CHECK(woken == 1);
  link.cut();
  link.rewire([&] { ++now_woken; });
  push(lunch, 4);
  CHECK(now_woken == 2);
}

TEST_CASE_FIXTURE(bridge_fixture, "bridge: once cut it keeps nothing and wakes nobody") {
  const auto item = make_live(message(lunch, 1, bob));
  for (int i = 0; i < 5; ++i) link.push(item);
  link.cut();
  CHECK(item.use_count() == 1);
  link.push(item);
  link.event(shared("receipt"));
  link.reply("reply");
  link.close(actors::close_code::internal, "");
  CHECK(take().empty());
  CHECK(woken == 1);
  CHECK(item.use_count() == 1);
  link.cut();
}

TEST_CASE("bridge: many threads may speak at once, each in its own order") {
  std::atomic<int> woken{0};
  bridge link{100'000, [&] { ++woken; }};
  std::vector<std::thread> threads;
  for (std::uint8_t t = 1; t <= 3; ++t)
    threads.emplace_back([&link, t] {
      for (seq_no seq = 1; seq <= 1'000; ++seq) link.push(make_live(message(conversation_number(t), seq, bob)));
    });
  std::map<conversation_id, seq_no> heads;
  std::size_t came = 0;
  while (came < 3'000) {
    for (const auto& one : link.take()) {
      const auto& item = *std::get<entry_pushed>(one).item;
      CHECK(item.seq == ++heads[item.conversation]);
      ++came;
    }
    std::this_thread::yield();
  }
  for (auto& thread : threads) thread.join();
  CHECK(woken <= 3'000);
  CHECK(link.take().empty());
}
