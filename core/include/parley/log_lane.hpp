/// The writing end of one lane: batches go in, their outcomes come out in the same order.
///
/// A batch is one transaction. A store that can keep several on their way to the database at once (PostgreSQL: two, in
/// pipeline mode) hides the way there and back; a lane that can not has depth 1, which is what `log_store::write`
/// gives.
///
/// Threads: one thread uses a lane. `take` blocks. Nothing throws.

#pragma once

#include <cstddef>
#include <vector>

#include <parley/log_store.hpp>

namespace parley {

class log_lane {
public:
  virtual ~log_lane() = default;

  /// Batches that may be under way at once; at least 1.
  [[nodiscard]] virtual std::size_t depth() const = 0;

  /// Sets a batch off. Fewer than `depth` must be under way, and no conversation of `writes` may be in one of them.
  virtual void put(std::vector<conversation_write> writes) = 0;

  /// Waits for the oldest batch under way (there must be one); answers as `log_store::write` does, one for each write.
  [[nodiscard]] virtual std::vector<result<write_outcome>> take() = 0;
};

} // namespace parley
