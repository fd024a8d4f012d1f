#include "net/outbox.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

namespace {

outgoing_frame frame(std::string body, std::string suffix = {}) {
  return {std::make_shared<const std::string>(std::move(body)), std::move(suffix)};
}

std::string text(const outgoing_frame& frame) { return *frame.body + frame.suffix; }

} // namespace

TEST_CASE("outbox: frames leave in the order in which they came") {
  outbox box{{}};
  CHECK(box.is_empty());
  for (int i = 0; i < 100; ++i) {
    box.push(frame(std::to_string(2 * i)));
    box.push(frame(std::to_string(2 * i + 1)));
    CHECK(text(box.pop()) == std::to_string(i));
  }
  for (int i = 100; i < 200; ++i) {
    REQUIRE_FALSE(box.is_empty());
    CHECK(text(box.pop()) == std::to_string(i));
  }
  CHECK(box.is_empty());
}

TEST_CASE("outbox: a frame keeps its suffix while others move") {
  outbox box{{}};
  for (int i = 0; i < 50; ++i) box.push(frame("{", "\"s\":" + std::to_string(i) + "}"));
  for (int i = 0; i < 50; ++i) CHECK(text(box.pop()) == "{\"s\":" + std::to_string(i) + "}");
}

TEST_CASE("outbox: it is full when it holds so many frames") {
  outbox box{{.frames_max = 3, .bytes_max = 1'000}};
  box.push(frame("a"));
  box.push(frame("b"));
  CHECK_FALSE(box.is_full());
  box.push(frame("c"));
  CHECK(box.is_full());
  CHECK(text(box.pop()) == "a");
  CHECK_FALSE(box.is_full());
}

TEST_CASE("outbox: it is full when it holds so many bytes, suffixes counted") {
  outbox box{{.frames_max = 100, .bytes_max = 10}};
  box.push(frame("1234", "56789"));
  CHECK_FALSE(box.is_full());
  box.push(frame("", "0"));
  CHECK(box.is_full());
  CHECK(text(box.pop()) == "123456789");
  CHECK_FALSE(box.is_full());
  CHECK(text(box.pop()) == "0");
  CHECK_FALSE(box.is_full());
}

TEST_CASE("outbox: it is half full before it is full, by frames or by bytes") {
  outbox few{{.frames_max = 4, .bytes_max = 1'000}};
  few.push(frame("a"));
  CHECK_FALSE(few.is_half_full());
  few.push(frame("b"));
  CHECK(few.is_half_full());
  CHECK_FALSE(few.is_full());
  outbox small{{.frames_max = 100, .bytes_max = 10}};
  small.push(frame("1234"));
  CHECK_FALSE(small.is_half_full());
  small.push(frame("5"));
  CHECK(small.is_half_full());
  CHECK_FALSE(small.is_full());
}

TEST_CASE("outbox: a full box still takes what must not be lost") {
  outbox box{{.frames_max = 1, .bytes_max = 10}};
  box.push(frame("entry"));
  box.push(frame("reply"));
  CHECK(text(box.pop()) == "entry");
  CHECK(text(box.pop()) == "reply");
  CHECK_FALSE(box.is_full());
}

TEST_CASE("outbox: bodies are shared, not copied, and let go when they leave") {
  const auto shared = std::make_shared<const std::string>("for many readers");
  outbox box{{}};
  box.push({shared, "1"});
  box.push({shared, "2"});
  CHECK(box.pop().body == shared);
  CHECK(box.pop().body == shared);
  CHECK(shared.use_count() == 1);
}

TEST_CASE("outbox: what waits can be seen, and all but the oldest dropped") {
  outbox box{{.frames_max = 3, .bytes_max = 1'000}};
  for (const auto* body : {"gone", "a", "b", "c"}) box.push(frame(body));
  (void)box.pop();
  CHECK(box.waiting().size() == 3);
  CHECK(text(box.waiting().front()) == "a");
  box.keep_first(1);
  CHECK_FALSE(box.is_full());
  CHECK(box.waiting().size() == 1);
  CHECK(text(box.pop()) == "a");
  CHECK(box.is_empty());
  box.push(frame("d"));
  box.keep_first(0);
  CHECK(box.is_empty());
  CHECK(box.waiting().empty());
}
