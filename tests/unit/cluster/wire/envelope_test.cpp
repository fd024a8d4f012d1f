#include <doctest/doctest.h>

#include <random>
#include <string>

#include "cluster/wire/envelope.hpp"
#include "tests/unit/cluster/wire/travelling.hpp"

namespace parley::tests {

using namespace cluster::wire;

namespace {

envelope full() {
  return {.to = {"conversation", "0190a8e0-7c1f-8000-8000-000000000001"},
          .kind = message_kind::append_entry,
          .view = 17,
          .trace = "m-1",
          .deadline = std::chrono::milliseconds{4'999},
          .correlation = 123'456'789'012,
          .hops = 2,
          .is_reply = true,
          .body = std::string{"\0\xff body", 7},
          .unknown_fields = {}};
}

envelope travelled(const envelope& what) {
  const auto received = decode_envelope(encode_envelope(what), 10'000);
  REQUIRE_MESSAGE(received.has_value(), received.error().detail);
  return *received;
}

} // namespace

TEST_CASE("envelope: it arrives as it was sent, full or empty") {
  CHECK(travelled(full()) == full());
  CHECK(travelled({}) == envelope{});
  CHECK(encode_envelope({}).empty());
}

TEST_CASE("envelope: whatever it holds, it arrives as it was sent") {
  const auto seed = first_seed();
  MESSAGE("envelopes from PARLEY_SEED=", seed);
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    filler with{filling::anything, seed + i, nullptr};
    std::mt19937_64 random{seed + i};
    envelope sent;
    with.fill(sent.to.type);
    with.fill(sent.to.key);
    sent.kind = message_kind{static_cast<std::uint32_t>(random())};
    with.fill(sent.view);
    with.fill(sent.trace);
    sent.deadline = std::chrono::milliseconds{static_cast<std::uint32_t>(random())};
    with.fill(sent.correlation);
    sent.hops = static_cast<std::uint32_t>(random() % 10);
    with.fill(sent.is_reply);
    with.fill(sent.body);
    CHECK_MESSAGE(travelled(sent) == sent, "PARLEY_SEED=", seed + i);
  }
}

TEST_CASE("envelope: time that is over and time without end are the ends of what can be said") {
  auto late = full();
  late.deadline = std::chrono::milliseconds{-1};
  CHECK(travelled(late).deadline == std::chrono::milliseconds{0});
  late.deadline = std::chrono::milliseconds::max();
  CHECK(travelled(late).deadline == std::chrono::milliseconds{4'294'967'295});
}

TEST_CASE("envelope: what is too large is not read") {
  const auto bytes = encode_envelope(full());
  CHECK(decode_envelope(bytes, bytes.size()));
  const auto refused = decode_envelope(bytes, bytes.size() - 1);
  REQUIRE(!refused);
  CHECK(refused.error().code == errc::too_large);
}

TEST_CASE("envelope: cut anywhere it is refused or less, and nothing is made up") {
  const auto bytes = encode_envelope(full());
  std::size_t refused = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto part = decode_envelope(std::string_view{bytes}.substr(0, size), 10'000);
    if (part)
      CHECK(encode_envelope(*part) == bytes.substr(0, size));
    else
      CHECK(part.error().code == errc::bad_frame);
    refused += part ? 0 : 1;
  }
  // Ten fields begin somewhere; nearly everywhere else it is broken.
  CHECK(refused > bytes.size() - 12);
}

TEST_CASE("envelope: with any bytes turned over it is refused or read, and what was read can be sent again") {
  const auto seed = first_seed();
  MESSAGE("corruption from PARLEY_SEED=", seed);
  std::mt19937_64 random{seed};
  const auto whole = encode_envelope(full());
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = whole;
    for (auto count = 1 + random() % 3; count > 0; --count)
      bytes.at(random() % bytes.size()) = static_cast<char>(random());
    const auto read = decode_envelope(bytes, 10'000);
    refused += read ? 0 : 1;
    if (read) CHECK(travelled(*read) == *read);
  }
  CHECK(refused > 1'000);
}

} // namespace parley::tests
