/// PostgreSQL's failures in our words.

#pragma once

#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::persistence::postgres {

struct failure {
  /// `conflict` if a key is taken, `internal` if our SQL is at fault (a broken constraint, a missing table), else
  /// `unavailable`: no server, no room, too slow, read-only, shutting down.
  error why;
  /// The connection is gone.
  bool lost = false;
  /// A deadlock or the like: others wrote at the same time.
  bool in_the_way = false;
};

/// What libpq says over several lines, in one.
[[nodiscard]] std::string one_line(std::string_view text);

// SQLSTATEs that matter to everybody who talks to the server.

/// The connection is gone, or the administrator ends it.
[[nodiscard]] bool says_lost(std::string_view state);
/// A deadlock or a failed serialization: the same may succeed now.
[[nodiscard]] bool says_in_the_way(std::string_view state);

/// Of the exception that is being handled.
[[nodiscard]] failure current_failure();

} // namespace parley::persistence::postgres
