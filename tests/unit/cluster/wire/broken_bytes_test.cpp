#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/unit/cluster/wire/travelling.hpp"

namespace parley::tests {

using namespace cluster::wire;

namespace {

/// What became of bytes that may be anything.
struct outcomes {
  std::size_t read = 0;
  std::size_t refused = 0;
};

/// They are refused for a reason that blames the sender, or read; then they can be sent again.
void check_any(const travelling& kind, std::string_view bytes, outcomes& sum) {
  const auto received = decode(kind.kind, bytes, any_link());
  if (!received) {
    const auto code = received.error().code;
    CHECK((code == errc::bad_frame || code == errc::unknown_type));
    CHECK(!received.error().detail.empty());
    ++sum.refused;
    return;
  }
  ++sum.read;
  const auto again = encode(*received);
  REQUIRE(again);
  const auto once_more = decode(again->kind, again->bytes, any_link());
  REQUIRE(once_more);
  CHECK(kind.are_same(*received, *once_more));
}

std::string bytes_of(const travelling& kind, filling how, std::uint64_t number) {
  auto sent = encode(make(kind, how, number));
  REQUIRE(sent);
  return std::move(sent->bytes);
}

} // namespace

TEST_CASE("wire: a message cut at any byte is refused or read, never more") {
  outcomes sum;
  for (const auto& kind : all_travelling())
    for (std::uint64_t alternative = 0; alternative < 8; ++alternative) {
      const auto bytes = bytes_of(kind, filling::everything, alternative);
      for (std::size_t size = 0; size < bytes.size(); ++size)
        check_any(kind, std::string_view{bytes}.substr(0, size), sum);
    }
  CHECK(sum.read > 100);
  CHECK(sum.refused > 1'000);
}

TEST_CASE("wire: a message with any bytes turned over, put in or left out is refused or read") {
  const auto seed = first_seed();
  MESSAGE("corruption from PARLEY_SEED=", seed);
  std::mt19937_64 random{seed};
  outcomes sum;
  for (std::uint64_t i = 0; i < 400; ++i)
    for (const auto& kind : all_travelling()) {
      auto bytes = bytes_of(kind, filling::anything, seed + i);
      for (auto count = 1 + random() % 4; count > 0 && !bytes.empty(); --count) {
        const auto place = random() % bytes.size();
        switch (random() % 3) {
        case 0: bytes.at(place) = static_cast<char>(random()); break;
        case 1: bytes.insert(place, 1, static_cast<char>(random())); break;
        default: bytes.erase(place, 1 + random() % 3);
        }
      }
      check_any(kind, bytes, sum);
    }
  CHECK(sum.read > 500);
  CHECK(sum.refused > 500);
}

TEST_CASE("wire: the bytes of one kind read as another are refused or read") {
  outcomes sum;
  for (const auto& sent : all_travelling())
    for (std::uint64_t alternative = 0; alternative < 8; ++alternative) {
      const auto bytes = bytes_of(sent, filling::everything, alternative);
      for (const auto& taken : all_travelling()) check_any(taken, bytes, sum);
    }
  CHECK(sum.read > 500);
  CHECK(sum.refused > 500);
}

} // namespace parley::tests
