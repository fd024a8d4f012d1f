/// The databases of an installation's shards, in their order, and who helps to ask all of them at once. Any thread.

#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "persistence/crew.hpp"
#include "persistence/postgres/pool.hpp"

namespace parley::persistence::postgres {

struct shard_pools {
  std::vector<std::shared_ptr<pool>> pools;
  std::shared_ptr<crew> helpers;

  /// What `act(pool&)` answers for each, in their order.
  template <class Act> [[nodiscard]] auto each(Act act) const {
    std::vector<std::invoke_result_t<Act, pool&>> answers(pools.size());
    helpers->each(pools.size(), [&](std::size_t i) { answers[i] = act(*pools[i]); });
    return answers;
  }

  /// Does `change(connection&)` on each, in a transaction of its own; the first failure, if any. The others are done
  /// nevertheless.
  template <class Change> [[nodiscard]] result<void> change_each(Change change) const {
    for (auto& done : each([&](pool& in) -> result<void> { return in.change(change); }))
      if (!done) return std::move(done);
    return {};
  }
};

} // namespace parley::persistence::postgres
