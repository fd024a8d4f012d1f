/// Which conversations hold positions of a user that are not stored yet. Who is about to read positions from the store
/// asks these conversations to settle first, so that a list is never older than what its reader has said. Any thread.

#pragma once

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <parley/ids.hpp>

namespace parley::actors {

class unsettled_positions {
public:
  void mark(const user_id& user, const conversation_id& conversation);
  void clear(const user_id& user, const conversation_id& conversation);
  [[nodiscard]] std::vector<conversation_id> of(const user_id& user) const;

private:
  struct stripe {
    mutable std::mutex lock;
    std::unordered_map<user_id, std::vector<conversation_id>> users;
  };

  stripe& stripe_of(const user_id& user) const { return stripes_[std::hash<user_id>{}(user) % stripes_.size()]; }

  mutable std::array<stripe, 16> stripes_;
};

} // namespace parley::actors
