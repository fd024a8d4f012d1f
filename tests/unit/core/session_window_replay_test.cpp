#include <doctest/doctest.h>

#include "tests/unit/core/device_queue.hpp"

namespace parley::tests {

namespace {

using transcript = device_queue::transcript;
using needs = std::vector<std::pair<conversation_id, seq_no>>;

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
const auto synced = encode_synced(0, {});

} // namespace

TEST_CASE_FIXTURE(window_fixture, "window: a replay sends what was missed and then says synced") {
  window.replay(lunch, 3, logged(lunch, 4, 5), 5);
  window.replay(dinner, 9, {}, 9);
  window.end_replay(synced);
  CHECK(queue.take() == transcript{"1:4/s1", "1:5/s2", "synced"});
  push(lunch, 6);
  push(dinner, 10);
  CHECK(queue.take() == transcript{"1:6/s3", "2:10/s4"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a replay that is too long begins with a gap") {
  window.replay(lunch, 3, logged(lunch, 8, 9), 9);
  window.end_replay(synced);
  CHECK(queue.take() == transcript{"gap 1:4-7", "1:8/s1", "1:9/s2", "synced"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a replay of nothing but a gap announces it all the same") {
  window.replay(lunch, 3, {}, 9);
  window.end_replay(synced);
  push(lunch, 10);
  CHECK(queue.take() == transcript{"gap 1:4-9", "synced", "1:10/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: pushes during the replay wait for its end") {
  push(lunch, 6);
  window.replay(lunch, 3, logged(lunch, 4, 5), 5);
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:4/s1", "1:5/s2"});
  window.end_replay(synced);
  CHECK(queue.take() == transcript{"synced", "1:6/s3", "1:7/s4"});
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(window_fixture, "window: an entry that is pushed and replayed arrives once") {
  push(lunch, 4);
  push(lunch, 5);
  window.replay(lunch, 3, logged(lunch, 4, 5), 5);
  window.end_replay(synced);
  push(lunch, 5);
  CHECK(queue.take() == transcript{"1:4/s1", "1:5/s2", "synced"});
}

TEST_CASE_FIXTURE(window_fixture,
                  "window: a conversation that began during the replay follows it from its first entry") {
  push(dinner, 2);
  push(dinner, 1);
  window.replay(lunch, 3, {}, 3);
  window.end_replay(synced);
  push(dinner, 3);
  CHECK(queue.take() == transcript{"synced", "2:1/s1", "2:2/s2", "2:3/s3"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a hole found at the end of the replay is asked of the log") {
  push(lunch, 8);
  window.replay(lunch, 3, logged(lunch, 4, 5), 5);
  window.end_replay(synced);
  CHECK(queue.needs == needs{{lunch, 5}});
  window.fill(lunch, logged(lunch, 6, 8));
  CHECK(queue.take() == transcript{"1:4/s1", "1:5/s2", "synced", "1:6/s3", "1:7/s4", "1:8/s5"});
}

TEST_CASE_FIXTURE(window_fixture, "window: more pushes than can wait during a replay are read from the log") {
  for (seq_no seq = 1; seq <= 100; ++seq) push(lunch, seq);
  window.replay(lunch, 0, {}, 0);
  window.end_replay(synced);
  CHECK(queue.take().size() == 1 + 64);
  CHECK(queue.needs == needs{{lunch, 64}});
  window.fill(lunch, logged(lunch, 65, 100));
  CHECK(queue.take().back() == "1:100/s100");
}

TEST_CASE_FIXTURE(window_fixture, "window: an own request during the replay is acknowledged at once, pushed later") {
  push_own(lunch, 5);
  answer_own(lunch, 5);
  CHECK(queue.take() == transcript{"ack 1:5"});
  window.replay(lunch, 3, logged(lunch, 4, 4), 4);
  window.end_replay(synced);
  CHECK(queue.take() == transcript{"1:4/s1", "synced", "1:5/s2"});
}

TEST_CASE_FIXTURE(window_fixture,
                  "window: the acknowledgement of echo:false takes the place of the replayed entry too") {
  push_own(lunch, 4, false);
  window.replay(lunch, 3, logged(lunch, 4, 5), 5);
  window.end_replay(synced);
  CHECK(queue.take() == transcript{"ack 1:4", "1:5/s1", "synced"});
}

} // namespace parley::tests
