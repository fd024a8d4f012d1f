#include <doctest/doctest.h>

#include "cluster/link/outbox.hpp"

using namespace parley::cluster::link;

namespace {

outbox_limits limits() {
  return {.envelopes_max = 10,
          .bytes_max = 100,
          .envelope_bytes_max = 60,
          .window_envelopes = 5,
          .window_bytes = 80,
          .batch_envelopes_max = 3,
          .batch_bytes_max = 20};
}

std::string of_bytes(std::size_t count) { return std::string(count, 'x'); }

} // namespace

TEST_CASE("outbox: only the first push of a burst asks for attention") {
  outbox box{limits()};
  CHECK(box.push("one") == push_outcome::queued_first);
  CHECK(box.push("two") == push_outcome::queued);
  CHECK(box.take().envelopes == std::vector<std::string>{"one", "two"});
  CHECK(box.take().envelopes.empty());
  CHECK(box.push("three") == push_outcome::queued_first);
}

TEST_CASE("outbox: a batch ends at its count, at its bytes, and before a large envelope, which goes alone") {
  outbox box{limits()};
  for (const auto size : {2, 2, 2, 2, 19, 40})
    CHECK(box.push(of_bytes(static_cast<std::size_t>(size))) < push_outcome::full);
  CHECK(box.take().bytes == 6);
  CHECK(box.take().bytes == 2);
  CHECK(box.acknowledge(4, 8));
  CHECK(box.take().bytes == 19);
  CHECK(box.take().bytes == 40);
}

TEST_CASE("outbox: what is unacknowledged counts against the bound, and the window of the peer is kept") {
  outbox box{limits()};
  for (int i = 0; i < 10; ++i) CHECK(box.push("x") < push_outcome::full);
  CHECK(box.push("x") == push_outcome::full);
  CHECK(box.take().envelopes.size() == 3);
  CHECK(box.take().envelopes.size() == 2);
  CHECK(box.take().envelopes.empty());
  CHECK(box.push("x") == push_outcome::full);
  CHECK(box.acknowledge(3, 3));
  // It is still attended: the acknowledgement goes on sending.
  CHECK(box.push("x") == push_outcome::queued);
  CHECK(box.take().envelopes.size() == 3);
  CHECK(box.held().envelopes == 8);
  CHECK(box.held().bytes == 8);
}

TEST_CASE("outbox: bytes are bounded, by envelope and altogether") {
  outbox box{limits()};
  CHECK(box.push(of_bytes(61)) == push_outcome::too_large);
  CHECK(box.push(of_bytes(60)) == push_outcome::queued_first);
  CHECK(box.push(of_bytes(41)) == push_outcome::full);
  CHECK(box.push(of_bytes(40)) == push_outcome::queued);
  CHECK(box.take().bytes == 60);
  // The window has room for 20 more.
  CHECK(box.take().envelopes.empty());
}

TEST_CASE("outbox: a peer cannot acknowledge what was not sent") {
  outbox box{limits()};
  CHECK(box.push("x") == push_outcome::queued_first);
  CHECK(!box.acknowledge(1, 1));
  CHECK(box.take().bytes == 1);
  CHECK(!box.acknowledge(2, 1));
  CHECK(!box.acknowledge(1, 2));
  CHECK(box.acknowledge(1, 1));
}

TEST_CASE("outbox: one that is closed takes nothing and holds nothing") {
  outbox box{limits()};
  CHECK(box.push("x") == push_outcome::queued_first);
  box.close();
  CHECK(box.push("x") == push_outcome::closed);
  CHECK(box.take().envelopes.empty());
  CHECK(box.held().envelopes == 0);
}
