#include "persistence/sqlite/pool.hpp"

namespace parley::persistence::sqlite {

pool::pool(std::vector<database> connections) : connections_{std::move(connections)} {
  for (auto& connection : connections_) free_.push_back(&connection);
}

pool::lease pool::take() {
  std::unique_lock lock{mutex_};
  const auto turn = arrivals_++;
  returned_.wait(lock, [&] { return !free_.empty() && served_ == turn; });
  ++served_;
  // The last one back goes out first: its cache is the warmest.
  auto* const next = free_.back();
  free_.pop_back();
  // The next in the queue may have been woken before its turn.
  if (!free_.empty() && served_ != arrivals_) returned_.notify_all();
  return {next, {this}};
}

void pool::give_back(database* lent) {
  {
    const std::scoped_lock lock{mutex_};
    free_.push_back(lent);
  }
  returned_.notify_all();
}

} // namespace parley::persistence::sqlite
