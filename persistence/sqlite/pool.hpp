/// Connections that are lent out one at a time.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

class pool {
  struct giver_back {
    pool* owner = nullptr;
    void operator()(database* lent) const { owner->give_back(lent); }
  };

public:
  using lease = std::unique_ptr<database, giver_back>;

  explicit pool(std::vector<database> connections);

  /// Waits until a connection is free; it goes back when the lease ends. Any thread; who came first is served first,
  /// so somebody who takes one again and again does not keep the others waiting.
  [[nodiscard]] lease take();

private:
  void give_back(database* lent);

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<database> connections_;
  std::vector<database*> free_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t served_ = 0;
};

} // namespace parley::persistence::sqlite
