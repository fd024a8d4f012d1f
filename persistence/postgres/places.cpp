#include "persistence/postgres/places.hpp"

#include <string>

#include <fmt/format.h>

namespace parley::persistence::postgres {

namespace {

const std::string place_of = "SELECT cluster, number, shards, settled FROM place";
const std::string content_of = "SELECT EXISTS (SELECT 1 FROM log), EXISTS (SELECT 1 FROM accounts)";
const std::string put_place = "INSERT INTO place (cluster, number, shards, settled) VALUES ($1, $2, $3, $4)";
const std::string settle_home = "UPDATE place SET settled = true";

// Of a session, not of a transaction, because places are written one by one: "place" in ASCII. A database that is named
// twice is noticed by its second connection.
const std::string lock_home = "SELECT pg_advisory_lock(482854658917)";
const std::string lock_shard = "SELECT pg_try_advisory_lock(482854658917)";
const std::string unlock = "SELECT pg_advisory_unlock(482854658917)";

tl::unexpected<error> refuse(std::string why) { return fail(errc::conflict, std::move(why)); }

place read_place(row& from) {
  return {.cluster = from.take<uuid>(),
          .number = from.take<std::size_t>(),
          .shards = from.take<std::size_t>(),
          .settled = from.take<bool>()};
}

result<testimony> hear(connection& in) {
  auto taken = in.first(place_of, read_place);
  if (!taken) return fail(taken.error());
  testimony found{.taken = *taken};
  const auto note = [&](row& row) {
    found.has_conversations = row.take<bool>();
    found.has_accounts = row.take<bool>();
  };
  if (auto done = in.each(content_of, note); !done) return fail(done.error());
  return found;
}

result<void> check_home(const testimony& home, std::size_t shards) {
  if (!home.taken) {
    if (home.has_conversations)
      return refuse("postgres.url: the database has conversations of its own; one that keeps everything cannot be "
                    "divided into shards");
    return {};
  }
  if (home.taken->number != 0)
    return refuse(fmt::format("postgres.url: the database is shard {} of {}, not the home database", home.taken->number,
                              home.taken->shards));
  if (home.taken->shards != shards)
    return refuse(fmt::format("postgres.shards: {} given, but the installation has {}; their number is fixed", shards,
                              home.taken->shards));
  return {};
}

result<void> check_shard(const testimony& shard, std::size_t number, const std::optional<place>& home) {
  if (const auto& taken = shard.taken) {
    if (!home || taken->cluster != home->cluster)
      return refuse(fmt::format("shard {} of postgres.shards: the database belongs to another installation", number));
    if (taken->number == 0)
      return refuse(fmt::format("shard {} of postgres.shards: the database is the home database, which postgres.url "
                                "names",
                                number));
    if (taken->number != number || taken->shards != home->shards)
      return refuse(fmt::format("shard {} of postgres.shards: the database is shard {} of {}; their order is fixed",
                                number, taken->number, taken->shards));
    return {};
  }
  if (home && home->settled)
    return refuse(fmt::format("shard {} of postgres.shards: the database is not the one that was used so far", number));
  if (shard.has_conversations || shard.has_accounts)
    return refuse(fmt::format("shard {} of postgres.shards: the database is in use by itself", number));
  return {};
}

result<bool> look_at_all(connection& home, std::vector<connection>& shards) {
  const auto first = hear(home);
  if (!first) return fail(first.error());
  std::vector<testimony> others;
  for (auto& shard : shards) {
    auto heard = hear(shard);
    if (!heard) return fail(heard.error());
    others.push_back(*std::move(heard));
  }
  return are_in_place(*first, others);
}

result<void> lock_all(std::vector<connection>& shards) {
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto held = shards[i].first(lock_shard, [](row& row) { return row.take<bool>(); });
    if (!held) return fail(held.error());
    if (!held->value_or(false))
      return refuse(
          fmt::format("shard {} of postgres.shards: the database is named twice, or taken by somebody else", i + 1));
  }
  return {};
}

/// The home database knows of the installation before a shard does, and says last that it is complete: wherever this
/// breaks off, the next start goes on.
result<void> give_places(connection& home, std::vector<connection>& shards) {
  auto taken = home.first(place_of, read_place);
  if (!taken) return fail(taken.error());
  const auto cluster = *taken ? (*taken)->cluster : random_uuid();
  if (!*taken) {
    if (auto done = home.run(put_place, cluster, 0, shards.size(), false); !done) return fail(done.error());
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto there = shards[i].first(place_of, read_place);
    if (!there) return fail(there.error());
    if (*there) continue;
    if (auto done = shards[i].run(put_place, cluster, i + 1, shards.size(), true); !done) return fail(done.error());
  }
  if (auto done = home.run(settle_home); !done) return fail(done.error());
  return {};
}

/// Under the lock of the home database.
result<void> settle(connection& home, std::vector<connection>& shards) {
  if (auto held = lock_all(shards); !held) return held;
  // Another installation may have been faster.
  const auto in_place = look_at_all(home, shards);
  if (!in_place) return fail(in_place.error());
  if (auto done = give_places(home, shards); !done) return done;
  for (auto& shard : shards)
    if (auto done = shard.run(unlock); !done) return fail(done.error());
  return {};
}

} // namespace

result<void> stands_alone(const testimony& home) {
  if (!home.taken) return {};
  if (home.taken->number == 0)
    return refuse(fmt::format("postgres.shards: none given, but the installation has {}; their number is fixed",
                              home.taken->shards));
  return refuse(fmt::format("postgres.url: the database is shard {} of {}, not one that keeps everything",
                            home.taken->number, home.taken->shards));
}

result<bool> are_in_place(const testimony& home, const std::vector<testimony>& shards) {
  if (auto done = check_home(home, shards.size()); !done) return fail(done.error());
  for (std::size_t i = 0; i < shards.size(); ++i)
    if (auto done = check_shard(shards[i], i + 1, home.taken); !done) return fail(done.error());
  return home.taken && home.taken->settled;
}

result<void> check_alone(connection& home) {
  const auto heard = hear(home);
  if (!heard) return fail(heard.error());
  return stands_alone(*heard);
}

result<void> take_places(connection& home, std::vector<connection>& shards) {
  // What is seen without a lock may be half of what another program is writing, unless all is well.
  auto in_place = look_at_all(home, shards);
  if (in_place && *in_place) return {};
  if (auto held = home.run(lock_home); !held) return fail(held.error());
  in_place = look_at_all(home, shards);
  if (!in_place) return fail(in_place.error());
  if (!*in_place) {
    if (auto done = settle(home, shards); !done) return done;
  }
  if (auto done = home.run(unlock); !done) return fail(done.error());
  return {};
}

} // namespace parley::persistence::postgres
