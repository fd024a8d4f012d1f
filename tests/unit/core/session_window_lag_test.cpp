#include <doctest/doctest.h>

#include "tests/unit/core/device_queue.hpp"

namespace parley::tests {

namespace {

using transcript = device_queue::transcript;
using needs = std::vector<std::pair<conversation_id, seq_no>>;

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
const auto supper = conversation_number(3);
const auto synced = encode_synced(0, {});

/// A live window whose queue holds two frames; they are there already.
struct full_window : window_fixture {
  full_window() {
    go_live({lunch, dinner, supper}, 4);
    queue.frames_max = 2;
    push(lunch, 5);
    push(lunch, 6);
  }
};

} // namespace

TEST_CASE_FIXTURE(full_window, "window: an entry that finds no room makes its conversation lag") {
  CHECK_FALSE(window.is_lagging());
  push(lunch, 7);
  push(lunch, 8);
  CHECK(window.is_lagging());
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "lag 1"});
  push(lunch, 9);
  CHECK(queue.take().empty());
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(full_window, "window: other conversations go on as long as there is room") {
  push(lunch, 7);
  CHECK(queue.take().back() == "lag 1");
  push(dinner, 5);
  CHECK(queue.take() == transcript{"2:5/s3"});
}

TEST_CASE_FIXTURE(full_window, "window: further lag is said when there is room again") {
  push(lunch, 7);
  push(dinner, 5);
  push(supper, 5);
  window.drained();
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "lag 1"});
  window.drained();
  CHECK(queue.take() == transcript{"lag 2 3"});
  window.drained();
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(full_window, "window: the lag ends where the device was shown the end of the log") {
  push(lunch, 7);
  push(lunch, 8);
  queue.take();
  window.shown(lunch, 8);
  CHECK_FALSE(window.is_lagging());
  push(lunch, 9);
  CHECK(queue.take() == transcript{"1:9/s3"});
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(full_window,
                  "window: what was committed between the read and the end of the lag is read from the log") {
  push(lunch, 7);
  queue.take();
  push(lunch, 8);
  push(lunch, 9);
  window.shown(lunch, 7);
  CHECK(queue.needs == needs{{lunch, 7}});
  push(lunch, 10);
  queue.frames_max = 10;
  window.fill(lunch, logged(lunch, 8, 9));
  CHECK(queue.take() == transcript{"1:8/s3", "1:9/s4", "1:10/s5"});
}

TEST_CASE_FIXTURE(full_window, "window: a history page asked before the lag began does not turn it back") {
  push(lunch, 7);
  queue.take();
  window.shown(lunch, 5);
  CHECK(queue.needs == needs{{lunch, 6}});
  window.fill(lunch, logged(lunch, 7, 7));
  CHECK(queue.take() == transcript{"1:7/s3"});
}

TEST_CASE_FIXTURE(full_window, "window: a history page changes nothing for a conversation that does not lag") {
  queue.take();
  window.shown(lunch, 9);
  window.shown(conversation_number(9), 3);
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:7/s3"});
}

TEST_CASE_FIXTURE(full_window, "window: lag that ended before it was said is not said") {
  push(lunch, 7);
  push(dinner, 5);
  queue.take();
  window.shown(dinner, 5);
  window.drained();
  CHECK(queue.take().empty());
  push(dinner, 6);
  CHECK(queue.take() == transcript{"2:6/s3"});
  CHECK(window.is_lagging());
}

TEST_CASE_FIXTURE(full_window, "window: own requests are acknowledged while the queue is full") {
  push_own(lunch, 7);
  answer_own(lunch, 7);
  push_own(lunch, 8, false);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "ack 1:7", "lag 1", "ack 1:8"});
}

TEST_CASE_FIXTURE(full_window, "window: an entry that needs no push needs no room") {
  push_own(lunch, 7, false);
  CHECK_FALSE(window.is_lagging());
  queue.take();
  push(lunch, 8);
  CHECK(queue.take() == transcript{"1:8/s3"});
}

TEST_CASE_FIXTURE(full_window, "window: a receipt that finds no room is lost and leaves no hole in the counter") {
  window.event(std::make_shared<const std::string>(encode_open({.conversation = lunch, .seq = 4, .user = bob})));
  queue.take();
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:7/s3"});
}

TEST_CASE_FIXTURE(full_window, "window: a hole that is filled into a full queue makes the conversation lag") {
  queue.take();
  push(lunch, 9);
  window.fill(lunch, logged(lunch, 7, 8));
  CHECK(queue.take() == transcript{"1:7/s3", "1:8/s4", "lag 1"});
  window.shown(lunch, 9);
  push(lunch, 10);
  CHECK(queue.take() == transcript{"1:10/s5"});
}

TEST_CASE_FIXTURE(full_window, "window: a fill that arrives after the lag began is ignored") {
  queue.take();
  push(lunch, 8);
  push(dinner, 5);
  push(dinner, 6);
  window.fill(lunch, logged(lunch, 7, 7));
  CHECK(queue.take() == transcript{"2:5/s3", "2:6/s4", "lag 1"});
  window.fill(lunch, logged(lunch, 8, 8));
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(window_fixture, "window: a replay that finds no room waits for it, and lags never") {
  queue.frames_max = 2;
  window.replay(lunch, 0, logged(lunch, 1, 5), 5);
  window.replay(dinner, 3, logged(dinner, 4, 4), 4);
  window.end_replay(synced);
  push(lunch, 6);
  CHECK(queue.take() == transcript{"1:1/s1", "1:2/s2"});
  window.drained();
  CHECK(queue.take() == transcript{"1:3/s3", "1:4/s4"});
  window.drained();
  CHECK(queue.take() == transcript{"1:5/s5", "2:4/s6", "synced", "lag 1"});
  CHECK(queue.needs.empty());
}

} // namespace parley::tests
