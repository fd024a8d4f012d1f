#include <doctest/doctest.h>

#include "tests/unit/core/device_queue.hpp"

namespace parley::tests {

namespace {

using transcript = device_queue::transcript;
using needs = std::vector<std::pair<conversation_id, seq_no>>;

const auto lunch = conversation_number(1);
const auto crowd = conversation_number(7);

struct pull_window : window_fixture {
  pull_window() { go_live({lunch}, 4); }

  void push_apart(seq_no seq) {
    auto item = *make_live(message(crowd, seq, bob));
    item.apart = true;
    window.push(std::make_shared<const live_entry>(item));
  }
  void push_begin(const conversation_id& in, seq_no seq) {
    auto item = *make_live(message(in, seq, bob));
    item.begins_push = true;
    window.push(std::make_shared<const live_entry>(item));
  }
};

} // namespace

TEST_CASE_FIXTURE(pull_window, "hint: it is said at once, without a counter") {
  window.hint(crowd, 12);
  push(lunch, 5);
  CHECK(queue.take() == transcript{"hint 7:12", "1:5/s1"});
}

TEST_CASE_FIXTURE(pull_window, "hint: one that finds no room waits, the newest of each conversation") {
  queue.frames_max = 1;
  push(lunch, 5);
  window.hint(crowd, 12);
  window.hint(lunch, 3);
  window.hint(crowd, 14);
  window.hint(crowd, 13);
  CHECK(queue.take() == transcript{"1:5/s1"});
  window.drained();
  CHECK(queue.take() == transcript{"hint 7:14"});
  window.drained();
  CHECK(queue.take() == transcript{"hint 1:3"});
  window.drained();
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(window_fixture, "hint: synced waits for the hints of the replay") {
  queue.frames_max = 1;
  window.hint(crowd, 12);
  window.hint(lunch, 3);
  window.end_replay(encode_synced(0, {}));
  CHECK(queue.take() == transcript{"hint 7:12"});
  window.drained();
  CHECK(queue.take() == transcript{"hint 1:3", "synced"});
}

TEST_CASE_FIXTURE(pull_window, "focus: it is answered by the head behind which pushes begin") {
  window.hint(crowd, 12);
  window.focus(crowd, 10);
  push(crowd, 10);
  push(crowd, 11);
  push(crowd, 13);
  CHECK(queue.take() == transcript{"hint 7:12", "hint 7:10", "7:11/s1"});
  CHECK(queue.needs == needs{{crowd, 11}});
  window.fill(crowd, logged(crowd, 12, 13));
  CHECK(queue.take() == transcript{"7:12/s2", "7:13/s3"});
}

TEST_CASE_FIXTURE(pull_window, "focus: where the conversation stood before is forgotten") {
  push(crowd, 3);
  push(crowd, 6);
  window.focus(crowd, 20);
  window.fill(crowd, logged(crowd, 4, 6));
  push(crowd, 21);
  CHECK(queue.take() == transcript{"7:3/s1", "hint 7:20", "7:21/s2"});
}

TEST_CASE_FIXTURE(pull_window, "focus: it ends a lag, and its end does too") {
  queue.frames_max = 1;
  push(lunch, 5);
  push(lunch, 6);
  CHECK(window.is_lagging());
  window.unfocus(lunch);
  CHECK_FALSE(window.is_lagging());
  queue.take();
  window.focus(crowd, 1);
  push(crowd, 2);
  CHECK(window.is_lagging());
  window.focus(crowd, 5);
  CHECK_FALSE(window.is_lagging());
}

TEST_CASE_FIXTURE(pull_window, "apart: an entry for one user goes out at once, and once") {
  push_apart(40);
  push_apart(40);
  CHECK(queue.take() == transcript{"7:40/s1"});
  window.focus(crowd, 40);
  push_apart(40);
  push(crowd, 41);
  push_apart(43);
  CHECK(queue.take() == transcript{"hint 7:40", "7:41/s2"});
  CHECK(queue.needs == needs{{crowd, 41}});
  window.fill(crowd, logged(crowd, 42, 43));
  CHECK(queue.take() == transcript{"7:42/s3", "7:43/s4"});
}

TEST_CASE_FIXTURE(pull_window, "apart: it asks for nothing before it, though the conversation was pushed once") {
  push(crowd, 3);
  push_apart(40);
  CHECK(queue.take() == transcript{"7:3/s1", "7:40/s2"});
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(pull_window, "apart: one that finds no room makes its conversation lag") {
  queue.frames_max = 1;
  push(lunch, 5);
  push_apart(40);
  CHECK(queue.take() == transcript{"1:5/s1", "lag 7"});
  window.shown(crowd, 41);
  CHECK_FALSE(window.is_lagging());
  push_apart(42);
  CHECK(queue.take() == transcript{"7:42/s2"});
}

TEST_CASE_FIXTURE(pull_window, "begin of pushes: a conversation that is behind goes on there and asks for nothing") {
  push_begin(lunch, 30);
  push(lunch, 31);
  CHECK(queue.take() == transcript{"1:30/s1", "1:31/s2"});
  push(lunch, 33);
  push_begin(lunch, 50);
  push(lunch, 51);
  CHECK(queue.take() == transcript{"1:50/s3", "1:51/s4"});
  CHECK(queue.needs == needs{{lunch, 31}});
  window.fill(lunch, logged(lunch, 32, 33));
  CHECK(queue.take().empty());
}

TEST_CASE_FIXTURE(window_fixture, "begin of pushes: during the replay it waits for the end like any other") {
  window.replay(lunch, 4, {}, 4);
  auto item = *make_live(message(lunch, 30, bob));
  item.begins_push = true;
  window.push(std::make_shared<const live_entry>(item));
  push(lunch, 31);
  window.end_replay(encode_synced(0, {}));
  CHECK(queue.take() == transcript{"synced", "1:30/s1", "1:31/s2"});
  CHECK(queue.needs.empty());
}

TEST_CASE_FIXTURE(window_fixture, "replay: what lies between two times of membership is a gap as well") {
  auto items = logged(lunch, 3, 4);
  for (auto& item : logged(lunch, 8, 9)) items.push_back(std::move(item));
  window.replay(lunch, 2, items, 9);
  window.end_replay(encode_synced(1, {}));
  push(lunch, 10);
  CHECK(queue.take() == transcript{"1:3/s1", "1:4/s2", "gap 1:5-7", "1:8/s3", "1:9/s4", "synced", "1:10/s5"});
}

TEST_CASE_FIXTURE(pull_window, "ephemeral: a frame goes to who keeps up, and to nobody else") {
  const auto typing = std::make_shared<const std::string>(R"({"type":"typing"})");
  window.ephemeral(typing);
  CHECK(queue.take() == transcript{"typing"});
  queue.frames_max = 1;
  push(lunch, 5);
  window.ephemeral(typing);
  CHECK(queue.take() == transcript{"1:5/s1"});
}

} // namespace parley::tests
