#include "persistence/shard_of.hpp"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "tests/contract/sample.hpp"

using namespace parley;
using namespace parley::persistence;
using namespace parley::tests;

// Values of XXH64 by another program: where these change, nobody finds what was written.
TEST_CASE("shard: where a conversation is kept never changes") {
  const auto id = parse_conversation_id("123e4567-e89b-42d3-a456-426614174000").value();
  CHECK(shard_of(id, 1) == 0);
  CHECK(shard_of(id, 2) == 0xe27dff44f653eeb0 % 2);
  CHECK(shard_of(id, 7) == 5);
  CHECK(shard_of(id, 1'000) == 272);
  std::vector<std::size_t> of_two;
  for (std::uint8_t number = 0; number < 8; ++number) of_two.push_back(shard_of(conversation_number(number), 2));
  CHECK(of_two == std::vector<std::size_t>{0, 0, 1, 1, 0, 0, 0, 0});
}

TEST_CASE("shard: conversations are spread evenly, those of two users as well") {
  constexpr std::size_t shards = 5, conversations = 20'000;
  std::vector<std::size_t> groups(shards), directs(shards);
  for (std::size_t i = 0; i < conversations; ++i) {
    ++groups[shard_of(random_conversation(), shards)];
    ++directs[shard_of(direct_conversation(ann, {"user" + std::to_string(i)}), shards)];
  }
  // Five standard deviations, rounded up: it fails once in a million runs.
  for (const auto& counts : {groups, directs})
    for (const auto count : counts)
      CHECK(std::max(count, conversations / shards) - std::min(count, conversations / shards) < 300);
}
