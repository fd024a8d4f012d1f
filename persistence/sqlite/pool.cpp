#include "persistence/sqlite/pool.hpp"

namespace parley::persistence::sqlite {

pool::pool(std::vector<database> connections) : connections_{std::move(connections)} {
  for (auto& connection : connections_) free_.push_back(&connection);
}

pool::lease pool::take() {
  std::unique_lock lock{mutex_};
  returned_.wait(lock, [this] { return !free_.empty(); });
  // The last one back goes out first: its cache is the warmest.
  auto* const next = free_.back();
  free_.pop_back();
  return {next, {this}};
}

void pool::give_back(database* lent) {
  {
    const std::scoped_lock lock{mutex_};
    free_.push_back(lent);
  }
  returned_.notify_one();
}

} // namespace parley::persistence::sqlite
