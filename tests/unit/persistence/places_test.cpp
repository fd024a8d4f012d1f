#include "persistence/postgres/places.hpp"

#include <functional>

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::persistence::postgres;

namespace {

uuid cluster_number(std::uint8_t number) { return {{number}}; }

testimony standing_at(std::size_t number, std::size_t shards, bool settled = true) {
  return {.taken = place{.cluster = cluster_number(1), .number = number, .shards = shards, .settled = settled}};
}

struct databases {
  testimony home;
  std::vector<testimony> shards;
};

databases in_order() { return {standing_at(0, 2), {standing_at(1, 2), standing_at(2, 2)}}; }

std::string complaint_about(const databases& all) {
  const auto said = are_in_place(all.home, all.shards);
  if (said) return "";
  CHECK(said.error().code == errc::conflict);
  return said.error().detail;
}

} // namespace

TEST_CASE("places: the databases of a list that is as it was may start") {
  const auto all = in_order();
  CHECK(are_in_place(all.home, all.shards).value());
}

TEST_CASE("places: databases that are free, or were given their places in part, get them") {
  CHECK_FALSE(are_in_place({}, {{}, {}}).value());
  CHECK_FALSE(are_in_place({.taken = {}, .has_accounts = true}, {{}}).value());
  auto broken_off = in_order();
  broken_off.home.taken->settled = false;
  CHECK_FALSE(are_in_place(broken_off.home, broken_off.shards).value());
  broken_off.shards[1] = {};
  CHECK_FALSE(are_in_place(broken_off.home, broken_off.shards).value());
}

TEST_CASE("places: every other list is refused, with the reason") {
  struct wrong_list {
    const char* reason;
    std::function<void(databases&)> change;
  };
  const wrong_list cases[] = {
      {"shard 1 of postgres.shards: the database is shard 2 of 2; their order is fixed",
       [](databases& all) { std::swap(all.shards[0], all.shards[1]); }},
      {"shard 2 of postgres.shards: the database is shard 1 of 2; their order is fixed",
       [](databases& all) { all.shards[1] = all.shards[0]; }},
      {"postgres.shards: 1 given, but the installation has 2; their number is fixed",
       [](databases& all) { all.shards.pop_back(); }},
      {"postgres.shards: 3 given, but the installation has 2; their number is fixed",
       [](databases& all) { all.shards.emplace_back(); }},
      {"shard 2 of postgres.shards: the database is not the one that was used so far",
       [](databases& all) { all.shards[1] = {}; }},
      {"shard 1 of postgres.shards: the database is the home database, which postgres.url names",
       [](databases& all) { all.shards[0] = all.home; }},
      {"shard 2 of postgres.shards: the database belongs to another installation",
       [](databases& all) { all.shards[1].taken->cluster = cluster_number(2); }},
      {"shard 1 of postgres.shards: the database belongs to another installation",
       [](databases& all) { all.home = {}; }},
      {"postgres.url: the database is shard 1 of 2, not the home database",
       [](databases& all) { std::swap(all.home, all.shards[0]); }},
      {"postgres.url: the database has conversations of its own; one that keeps everything cannot be divided into "
       "shards",
       [](databases& all) {
         all = {{.taken = {}, .has_conversations = true}, {{}, {}}};
       }},
      {"shard 1 of postgres.shards: the database is in use by itself",
       [](databases& all) {
         all = {{}, {{.taken = {}, .has_conversations = true}, {}}};
       }},
      {"shard 2 of postgres.shards: the database is in use by itself",
       [](databases& all) {
         all = {{}, {{}, {.taken = {}, .has_accounts = true}}};
       }},
  };
  for (const auto& [reason, change] : cases) {
    auto all = in_order();
    change(all);
    CHECK(complaint_about(all) == reason);
  }
}

TEST_CASE("places: what belongs to an installation with shards does not stand alone") {
  CHECK(stands_alone({.taken = {}, .has_conversations = true, .has_accounts = true}));
  CHECK(stands_alone(standing_at(0, 2)).error().detail ==
        "postgres.shards: none given, but the installation has 2; their number is fixed");
  CHECK(stands_alone(standing_at(2, 2)).error().detail ==
        "postgres.url: the database is shard 2 of 2, not one that keeps everything");
}
