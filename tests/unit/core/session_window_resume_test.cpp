#include <doctest/doctest.h>

#include "tests/unit/core/device_queue.hpp"

namespace parley::tests {

namespace {

using transcript = device_queue::transcript;
using needs = std::vector<std::pair<conversation_id, seq_no>>;

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

std::shared_ptr<const std::string> receipt_frame() {
  return std::make_shared<const std::string>(encode_open({.conversation = lunch, .seq = 4, .user = bob}));
}

/// A live window that keeps three pushes.
struct resumed_window : window_fixture {
  resumed_window() : window_fixture{{.pushes_max = 3, .bytes_max = 10'000}} { go_live({lunch, dinner}, 4); }

  /// The transport goes; what was queued is lost.
  void cut() {
    queue.take();
    window.detach();
  }
};

} // namespace

TEST_CASE_FIXTURE(resumed_window, "resume: exactly the missed pushes follow, with the counters they had") {
  push(lunch, 5);
  push(lunch, 6);
  push(dinner, 5);
  cut();
  REQUIRE(window.can_resume(1));
  window.resume(1);
  CHECK(queue.take() == transcript{"1:6/s2", "2:5/s3"});
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:7/s4"});
}

TEST_CASE_FIXTURE(resumed_window, "resume: what is pushed meanwhile is numbered and kept") {
  push(lunch, 5);
  cut();
  push(lunch, 6);
  window.event(receipt_frame());
  CHECK(queue.take().empty());
  window.resume(1);
  CHECK(queue.take() == transcript{"1:6/s2", "receipt/s3"});
}

TEST_CASE_FIXTURE(resumed_window, "resume: a device may come back again and again") {
  push(lunch, 5);
  cut();
  window.resume(0);
  cut();
  push(lunch, 6);
  REQUIRE(window.can_resume(0));
  window.resume(0);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2"});
  cut();
  window.resume(2);
  CHECK(queue.take().empty());
  cut();
  CHECK_FALSE(window.can_resume(1));
}

TEST_CASE_FIXTURE(resumed_window, "resume: who claims more than was sent, or lacks more than is kept, does not go on") {
  push(lunch, 5);
  push(lunch, 6);
  cut();
  push(lunch, 7);
  CHECK(window.can_resume(2));
  CHECK_FALSE(window.can_resume(3));
  push(lunch, 8);
  CHECK_FALSE(window.can_resume(0));
  CHECK(window.can_resume(1));
}

TEST_CASE_FIXTURE(resumed_window, "resume: too much without a transport, and nobody can come back") {
  push(lunch, 5);
  cut();
  for (seq_no seq = 6; seq <= 8; ++seq) push(lunch, seq);
  CHECK(window.may_resume());
  push(lunch, 9);
  CHECK_FALSE(window.may_resume());
  CHECK_FALSE(window.can_resume(1));
}

TEST_CASE_FIXTURE(window_fixture, "resume: a replay that was cut is not gone on with") {
  window.replay(lunch, 0, logged(lunch, 1, 2), 2);
  CHECK_FALSE(window.may_resume());
  window.end_replay(encode_synced(1, {}));
  CHECK(window.may_resume());
  // Gaps stand between the pushes of a replay, so all of them must have come.
  CHECK_FALSE(window.can_resume(1));
  CHECK(window.can_resume(2));
}

TEST_CASE_FIXTURE(window_fixture,
                  "resume: a gap at the end of the replay may have been lost, until something follows") {
  window.replay(lunch, 0, {}, 4);
  window.end_replay(encode_synced(0, {}));
  CHECK_FALSE(window.can_resume(0));
  push(lunch, 5);
  CHECK(window.can_resume(1));
}

TEST_CASE_FIXTURE(window_fixture, "resume: a session that lags is over, one that lagged needs a push behind that") {
  go_live({lunch}, 4);
  queue.frames_max = 1;
  push(lunch, 5);
  push(lunch, 6);
  CHECK_FALSE(window.may_resume());
  queue.take();
  window.shown(lunch, 6);
  CHECK_FALSE(window.can_resume(1));
  push(lunch, 7);
  CHECK(window.can_resume(2));
}

TEST_CASE_FIXTURE(resumed_window,
                  "resume: answers, acknowledgements and ephemeral frames find nobody and are dropped") {
  cut();
  window.reply(encode_plain_ack("7"));
  auto again = ack_of(lunch, 4);
  again.duplicate = true;
  window.acknowledge(again);
  answer_own(lunch, 5);
  window.ephemeral(std::make_shared<const std::string>(R"({"type":"typing"})"));
  window.drained();
  window.resume(0);
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(resumed_window, "resume: an own entry whose answer found nobody is pushed, echo or not") {
  cut();
  push_own(lunch, 5, false);
  answer_own(lunch, 5);
  answer_own(lunch, 6);
  push_own(lunch, 6, false);
  push_own(lunch, 7);
  window.resume(0);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2", "1:7/s3"});
}

TEST_CASE_FIXTURE(resumed_window,
                  "resume: answers for the transport before are dropped on the next one, entries pushed") {
  cut();
  window.resume(0);
  window.expect_answers(false);
  answer_own(lunch, 5);
  window.reply(encode_plain_ack("7"));
  window.expect_answers(true);
  push_own(lunch, 5, false);
  window.reply(encode_plain_ack("8"));
  CHECK(queue.take() == transcript{"1:5/s1", "ack"});
}

TEST_CASE_FIXTURE(resumed_window,
                  "resume: an acknowledgement that may be lost is followed by its push, with a new counter") {
  push(lunch, 5);
  push_own(lunch, 6, false);
  push(lunch, 7);
  CHECK(queue.take() == transcript{"1:5/s1", "ack 1:6", "1:7/s2"});
  SUBCASE("the device has nothing behind it") {
    cut();
    window.resume(1);
    CHECK(queue.take() == transcript{"1:7/s2", "1:6/s3"});
    cut();
    window.resume(2);
    CHECK(queue.take() == transcript{"1:6/s3"});
  }
  SUBCASE("the device has the push behind it") {
    cut();
    window.resume(2);
    CHECK(queue.take().empty());
  }
}

TEST_CASE_FIXTURE(resumed_window, "resume: the same for an entry that is still to come when the device is back") {
  answer_own(lunch, 5);
  CHECK(queue.take() == transcript{"ack 1:5"});
  cut();
  window.resume(0);
  push_own(lunch, 5, false);
  CHECK(queue.take() == transcript{"1:5/s1"});
}

TEST_CASE_FIXTURE(resumed_window, "resume: a hole is asked of the log while there is no transport") {
  cut();
  push(lunch, 6);
  CHECK(queue.needs == needs{{lunch, 4}});
  window.fill(lunch, logged(lunch, 5, 6));
  window.resume(0);
  CHECK(queue.take() == transcript{"1:5/s1", "1:6/s2"});
}

TEST_CASE_FIXTURE(resumed_window, "resume: hints that are owed, or may be lost, follow") {
  window.hint(dinner, 9);
  push(lunch, 5);
  CHECK(queue.take() == transcript{"hint 2:9", "1:5/s1"});
  cut();
  window.hint(dinner, 10);
  window.hint(dinner, 11);
  CHECK(queue.take().empty());
  window.resume(1);
  CHECK(queue.take() == transcript{"hint 2:11"});
  cut();
  window.resume(1);
  CHECK(queue.take() == transcript{"hint 2:11"});
  push(lunch, 6);
  cut();
  window.resume(2);
  CHECK(queue.take().empty());
}

} // namespace parley::tests
