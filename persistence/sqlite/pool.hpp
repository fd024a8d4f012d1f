/// Connections that are lent out one at a time.

#pragma once

#include <memory>
#include <vector>

#include "persistence/lender.hpp"
#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

class pool {
  struct giver_back {
    pool* owner = nullptr;
    void operator()(database* lent) const { owner->free_.give_back(*lent); }
  };

public:
  using lease = std::unique_ptr<database, giver_back>;

  explicit pool(std::vector<database> connections) : connections_{std::move(connections)} {
    for (auto& connection : connections_) free_.give_back(connection);
  }

  /// Waits until a connection is free; it goes back when the lease ends. Any thread.
  [[nodiscard]] lease take() { return {&free_.take(), {this}}; }

private:
  std::vector<database> connections_;
  lender<database> free_;
};

} // namespace parley::persistence::sqlite
