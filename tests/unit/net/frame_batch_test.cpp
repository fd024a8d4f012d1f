#include "net/frame_batch.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace parley::net;

namespace {

outgoing_frame frame(std::string body, std::string suffix = {}, frame_kind kind = frame_kind::message) {
  return {.body = std::make_shared<const std::string>(std::move(body)), .suffix = std::move(suffix), .kind = kind};
}

std::string written(frame_batch& batch) {
  std::string bytes;
  for (const auto& part : batch.parts()) bytes.append(static_cast<const char*>(part.iov_base), part.iov_len);
  CHECK(bytes.size() == batch.bytes());
  return bytes;
}

std::string all_of(const std::vector<outgoing_frame>& frames) {
  std::string bytes;
  for (const auto& one : frames) {
    frame_batch batch;
    batch.fill({&one, 1}, 0);
    bytes += written(batch);
  }
  return bytes;
}

} // namespace

TEST_CASE("frame batch: small frames lie together, each with its header, in their order") {
  const std::vector frames{frame("{\"a\":1", ",\"s\":2}"), frame("hello", {}, frame_kind::pong),
                           frame("HTTP/1.1 101\r\n\r\n", {}, frame_kind::raw),
                           frame("\x03\xe8", {}, frame_kind::close)};
  frame_batch batch;
  batch.fill(frames, 0);
  CHECK(batch.parts().size() == 1);
  CHECK(written(batch) == "\x81\x0d{\"a\":1,\"s\":2}\x8a\x05helloHTTP/1.1 101\r\n\r\n\x88\x02\x03\xe8");
}

TEST_CASE("frame batch: a large body is not copied") {
  const std::vector frames{frame("small"), frame(std::string(5'000, 'x'), "}"), frame("small")};
  frame_batch batch;
  batch.fill(frames, 0);
  REQUIRE(batch.parts().size() == 3);
  CHECK(batch.parts()[1].iov_base == static_cast<const void*>(frames[1].body->data()));
  CHECK(written(batch) == all_of(frames));
}

TEST_CASE("frame batch: it goes on behind whatever byte was written last") {
  const std::vector frames{frame(std::string(5'000, 'x'), "tail}"), frame("{\"next\":1", "}"), frame("")};
  const auto all = all_of(frames);
  frame_batch batch;
  for (std::size_t skip = 0; skip < bytes_on_wire(frames.front()); ++skip) {
    batch.fill(frames, skip);
    CHECK(written(batch) == all.substr(skip));
  }
}

TEST_CASE("frame batch: what has no room goes with the next one, and no frame is too large to go") {
  std::vector<outgoing_frame> frames;
  for (int i = 0; i < 200; ++i) frames.push_back(frame(std::string(i % 3 == 0 ? 4'097 : 4'000, 'x'), "}"));
  const auto all = all_of(frames);
  std::string bytes;
  frame_batch batch;
  std::size_t left = frames.size();
  while (left > 0) {
    const auto rest = std::span<const outgoing_frame>{frames}.last(left);
    batch.fill(rest, 0);
    REQUIRE(batch.bytes() > 0);
    std::size_t size = 0;
    while (size < batch.bytes()) size += bytes_on_wire(frames[frames.size() - left--]);
    CHECK(size == batch.bytes());
    bytes += written(batch);
  }
  CHECK(bytes == all);
}
