/// Who is who among the databases of an installation with shards.
///
/// Which shard keeps a conversation follows from the number and order of the shards, so a list that is shorter, longer
/// or in another order would hide what was written. Each database therefore says in its table `place` which one it is;
/// that is written at the first start, and looked at at every other.

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <parley/error.hpp>
#include <parley/uuid.hpp>

#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

/// The row of the table.
struct place {
  uuid cluster;
  /// 0: home; else the place in the list of shards, from 1 on.
  std::size_t number = 0;
  std::size_t shards = 0;
  bool settled = false;

  friend bool operator==(const place&, const place&) = default;
};

/// What a database says of itself.
struct testimony {
  std::optional<place> taken;
  bool has_conversations = false;
  bool has_accounts = false;
};

// The decisions. Pure; a refusal is `conflict`, with a sentence that names the database.

/// Whether `home` may keep everything by itself.
[[nodiscard]] result<void> stands_alone(const testimony& home);

/// Whether these are the databases of an installation, each in its place; false if they have yet to be given their
/// places (all of them, or those that were not reached when it was done last).
[[nodiscard]] result<bool> are_in_place(const testimony& home, const std::vector<testimony>& shards);

// The same of databases of our layout. After a refusal the connections are to be closed: they may hold locks.

[[nodiscard]] result<void> check_alone(connection& home);

/// Checks the places, and gives them out when the installation is new. Nothing is written before all of them were seen
/// to be free, one program at a time.
[[nodiscard]] result<void> take_places(connection& home, std::vector<connection>& shards);

} // namespace parley::persistence::postgres
