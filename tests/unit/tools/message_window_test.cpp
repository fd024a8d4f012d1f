#include "tools/parleyload/message_window.hpp"

#include <doctest/doctest.h>

using namespace parley::load;

namespace {

void complete(message_window& window, std::uint64_t number) {
  auto* const message = window.find(number);
  REQUIRE(message != nullptr);
  message->acked = message->received = number + 1;
  REQUIRE(!message->is_open());
  window.count_done();
}

} // namespace

TEST_CASE("message window: has room for so many open messages") {
  message_window window{2};
  CHECK(window.open({}) == 0);
  CHECK(window.has_room(2));
  CHECK(window.open({}) == 1);
  CHECK(!window.has_room(2));
  CHECK(window.open_count() == 2);
  complete(window, 1);
  CHECK(window.has_room(2));
}

TEST_CASE("message window: a message is done when it is both acknowledged and received, or refused") {
  message_window window{4};
  auto& message = *window.find(window.open({}));
  CHECK(message.is_open());
  message.received = 1;
  CHECK(message.is_open());
  message.acked = 1;
  CHECK(!message.is_open());
  auto& refused = *window.find(window.open({}));
  refused.refused = true;
  CHECK(!refused.is_open());
}

TEST_CASE("message window: forgets what is done once nothing older is open") {
  message_window window{4};
  for (int i = 0; i < 3; ++i) window.open({});
  complete(window, 1);
  CHECK(window.find(1) != nullptr);
  complete(window, 0);
  CHECK(window.find(0) == nullptr);
  CHECK(window.find(1) == nullptr);
  CHECK(window.find(2) != nullptr);
  CHECK(window.find(3) == nullptr);
}

TEST_CASE("message window: one that stays open stops the others at last, and memory stays flat") {
  message_window window{4};
  window.open({});
  std::uint64_t begun = 1;
  for (; window.has_room(4); ++begun) complete(window, window.open({}));
  CHECK(begun == 64);
  complete(window, 0);
  for (int i = 0; i < 1000; ++i) complete(window, window.open({}));
  CHECK(window.next() == 1064);
}

TEST_CASE("message window: what is open at the end is lost if it was acknowledged, else unanswered") {
  message_window window{8};
  for (int i = 0; i < 4; ++i) window.open({});
  window.find(0)->acked = 1;
  window.find(1)->received = 2;
  window.find(3)->refused = true;
  CHECK(window.count_open(true) == 1);
  CHECK(window.count_open(false) == 2);
}
