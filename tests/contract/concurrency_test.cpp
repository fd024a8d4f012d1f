#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
constexpr seq_no entries_written = 300;

/// Three entries and the position that goes with them.
conversation_write next_write(seq_no head) {
  auto write = messages(lunch, head + 1, 3);
  write.positions = {{.user = ann, .delivered = head + 3, .read = head + 3, .shown = head + 3}};
  return write;
}

/// The number of contradictions that a reader finds until `done`. (doctest's checks are for one thread.)
int contradictions_seen(const stores& store, const std::atomic<bool>& done) {
  int found = 0;
  seq_no last_head = 1;
  while (!done) {
    const auto item = store.log->item(ann, lunch).value().value();
    const auto log = store.log->read(lunch, {.limit = 10'000}).value();
    const auto loaded = store.log->load(lunch).value().value();
    const auto messages = store.log->search(ann, {.text = "hi", .limit = 10'000}).value();
    const auto owed = store.log->backlog_of(ann, phone, 10).value().front();
    found += item.self.read != item.head;
    found += item.last->seq != item.head;
    found += item.head < last_head;
    found += messages.size() + 1 < item.head; // the first entry is no message
    found += log.size() < item.head || log.back().seq != log.size();
    found += loaded.members.front().read != loaded.head;
    found += owed.cursor != owed.head || !owed.entries.empty();
    last_head = item.head;
  }
  return found;
}

} // namespace

TEST_CASE_TEMPLATE("stores: readers see whole writes only, while others write", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  auto first = founding(lunch, {ann});
  first.members.front().read = first.members.front().delivered = 1;
  commit(*store.log, first);

  std::atomic<bool> done{false};
  std::atomic<int> contradictions{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { contradictions += contradictions_seen(store, done); });
  threads.emplace_back([&] {
    for (int i = 0; !done; ++i) contradictions += !store.devices->touch(bob, phone, moment(i), 32).has_value();
  });
  for (seq_no head = 1; head < entries_written; head += 3) commit(*store.log, next_write(head));
  done = true;
  threads.clear();
  CHECK(contradictions == 0);
}

TEST_CASE_TEMPLATE("stores: of two threads that append at the same seq one wins", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  std::atomic<seq_no> won{0};
  const auto compete = [&] {
    for (seq_no seq = 1; seq <= 100; ++seq) {
      if (is<committed>(store.log->write(std::vector{messages(lunch, seq, 1)}).front())) ++won;
    }
  };
  std::jthread one{compete};
  std::jthread other{compete};
  one.join();
  other.join();
  CHECK(whole_log(*store.log, lunch).size() == won);
  CHECK(won >= 1);
}

} // namespace parley::tests
