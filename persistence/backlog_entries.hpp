/// What of a log belongs into a backlog; the same for every implementation of `log_store`.

#pragma once

#include <functional>

#include <parley/log_store.hpp>

namespace parley::persistence {

/// How the log of one conversation is read, as by the functions of `log_store`.
struct log_reads {
  std::function<result<std::vector<entry>>(const log_range&)> range;
  std::function<result<std::vector<entry>>(seq_no first, seq_no last, seq_no head)> changes;
};

/// Completes `owed`, whose cursor is what the device has: moves the cursor up to the first entry that is meant for
/// `self`, and reads the entries behind it and their changes.
[[nodiscard]] result<void> fill(backlog& owed, const member& self, std::size_t limit, const log_reads& log);

} // namespace parley::persistence
