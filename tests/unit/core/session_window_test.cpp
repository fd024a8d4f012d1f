#include <doctest/doctest.h>

#include "tests/unit/core/device_queue.hpp"

namespace parley::tests {

namespace {

using transcript = device_queue::transcript;
using needs = std::vector<std::pair<conversation_id, seq_no>>;

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

} // namespace

TEST_CASE_FIXTURE(window_fixture, "window: pushes go out in order, with a counter of the session's own") {
  go_live({lunch, dinner}, 4);
  push(lunch, 5);
  push(dinner, 5);
  push(lunch, 6);
  CHECK(queue.take() == transcript{"1:5/s1", "2:5/s2", "1:6/s3"});
  CHECK(window.last_s() == 3);
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(window_fixture, "window: an entry the device has is dropped") {
  go_live({lunch}, 4);
  push(lunch, 4);
  push(lunch, 5);
  push(lunch, 5);
  push(lunch, 1);
  CHECK(queue.take() == transcript{"1:5/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a hole is asked of the log, what came behind it waits") {
  go_live({lunch}, 4);
  push(lunch, 7);
  push(lunch, 9);
  CHECK(queue.take().empty());
  CHECK(queue.needs == needs{{lunch, 4}});
  window.fill(lunch, logged(lunch, 5, 8));
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "1:7/s3", "1:8/s4", "1:9/s5"});
  CHECK(queue.needs.size() == 1);
}

TEST_CASE_FIXTURE(window_fixture, "window: a hole in one conversation does not hold up another") {
  go_live({lunch, dinner}, 4);
  push(lunch, 6);
  push(dinner, 5);
  CHECK(queue.take() == transcript{"2:5/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a fill that is shorter than the hole is continued") {
  go_live({lunch}, 4);
  push(lunch, 9);
  window.fill(lunch, logged(lunch, 5, 6));
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2"});
  CHECK(queue.needs == needs{{lunch, 4}, {lunch, 6}});
  window.fill(lunch, logged(lunch, 7, 8));
  CHECK(queue.take() == transcript{"1:7/s3", "1:8/s4", "1:9/s5"});
}

TEST_CASE_FIXTURE(window_fixture, "window: a late push closes its hole only once") {
  go_live({lunch}, 4);
  push(lunch, 6);
  push(lunch, 5);
  CHECK(queue.take().empty());
  window.fill(lunch, logged(lunch, 5, 6));
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "1:7/s3"});
}

TEST_CASE_FIXTURE(window_fixture, "window: an empty fill says that the log ends there") {
  go_live({lunch}, 4);
  push(lunch, 7);
  window.fill(lunch, {});
  CHECK(queue.take().empty());
  CHECK(queue.needs.size() == 1);
  push(lunch, 5);
  CHECK(queue.take() == transcript{"1:5/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: what a fill leaves out at its begin was not for this user") {
  go_live({lunch}, 4);
  push(lunch, 9);
  window.fill(lunch, logged(lunch, 8, 9));
  CHECK(queue.take() == transcript{"1:8/s1", "1:9/s2"});
  CHECK(queue.needs.size() == 1);
}

TEST_CASE_FIXTURE(window_fixture, "window: a fill nobody waits for is ignored") {
  go_live({lunch}, 4);
  window.fill(lunch, logged(lunch, 5, 6));
  window.fill(dinner, logged(dinner, 1, 2));
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(window_fixture, "window: what waits is bounded, the log has the rest") {
  go_live({lunch}, 0);
  for (seq_no seq = 2; seq <= 200; ++seq) push(lunch, seq);
  window.fill(lunch, logged(lunch, 1, 1));
  CHECK(queue.take().size() == 65);
  CHECK(queue.needs == needs{{lunch, 0}, {lunch, 65}});
  window.fill(lunch, logged(lunch, 66, 200));
  const auto rest = queue.take();
  CHECK(rest.size() == 135);
  CHECK(rest.back() == "1:200/s200");
}

TEST_CASE_FIXTURE(window_fixture, "window: a conversation that came later begins with its first push") {
  go_live({}, 0);
  push(lunch, 12);
  push(lunch, 13);
  CHECK(queue.take() == transcript{"1:12/s1", "1:13/s2"});
}

TEST_CASE_FIXTURE(window_fixture, "window: an own entry is acknowledged before it is pushed, whichever comes first") {
  go_live({lunch}, 4);
  push_own(lunch, 5);
  CHECK(queue.take() == transcript{"ack 1:5", "1:5/s1"});
  answer_own(lunch, 5);
  CHECK(queue.take().empty());

  answer_own(lunch, 6);
  CHECK(queue.take() == transcript{"ack 1:6"});
  push_own(lunch, 6);
  CHECK(queue.take() == transcript{"1:6/s2"});
}

TEST_CASE_FIXTURE(window_fixture, "window: with echo:false the acknowledgement takes the place of the push") {
  go_live({lunch}, 4);
  push_own(lunch, 5, false);
  answer_own(lunch, 5);
  push(lunch, 6);
  answer_own(lunch, 7);
  push_own(lunch, 7, false);
  push(lunch, 8);
  CHECK(queue.take() == transcript{"ack 1:5", "1:6/s1", "ack 1:7", "1:8/s2"});
}

TEST_CASE_FIXTURE(window_fixture,
                  "window: an own entry behind a hole is acknowledged at once and pushed in its place") {
  go_live({lunch}, 4);
  push_own(lunch, 6);
  push_own(lunch, 7, false);
  CHECK(queue.take() == transcript{"ack 1:6", "ack 1:7"});
  window.fill(lunch, logged(lunch, 5, 7));
  push(lunch, 8);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "1:8/s3"});
}

TEST_CASE_FIXTURE(window_fixture, "window: an own entry that arrives again is neither acknowledged nor pushed again") {
  go_live({lunch}, 4);
  push_own(lunch, 5);
  answer_own(lunch, 5);
  push_own(lunch, 5);
  CHECK(queue.take() == transcript{"ack 1:5", "1:5/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: the answer to a repetition is always said") {
  go_live({lunch}, 4);
  push_own(lunch, 5);
  auto again = ack_of(lunch, 5);
  again.duplicate = true;
  window.acknowledge(again);
  window.acknowledge(again);
  CHECK(queue.take() == transcript{"ack 1:5", "1:5/s1", "ack 1:5", "ack 1:5"});
}

TEST_CASE_FIXTURE(window_fixture, "window: an entry of another session of the same user is an ordinary push") {
  go_live({lunch}, 4);
  window.push(make_live(message(lunch, 5, ann), entry_origin{session_number(2), ack_of(lunch, 5), false}));
  CHECK(queue.take() == transcript{"1:5/s1"});
}

TEST_CASE_FIXTURE(window_fixture, "window: receipts count like entries, replies do not") {
  go_live({lunch}, 4);
  const auto receipt_frame =
      std::make_shared<const std::string>(encode_open({.conversation = lunch, .seq = 4, .user = bob}));
  window.event(receipt_frame);
  window.reply(encode_plain_ack("7"));
  push(lunch, 5);
  CHECK(queue.take() == transcript{"receipt/s1", "ack", "1:5/s2"});
}

} // namespace parley::tests
