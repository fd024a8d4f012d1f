/// What is known of a user's presence, and where it is kept while the user's presence actor sleeps.

#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

#include <parley/lazy.hpp>

#include "actors/handles.hpp"
#include "actors/presence_state.hpp"

namespace parley::actors {

struct presence_watcher {
  user_id user;
  client_link_ptr link;
};

struct presence_memory {
  presence_state state;
  lazy<std::map<session_id, presence_watcher>> watchers;
  lazy<std::set<user_id>> hidden_from;
  /// The store has been asked for what it knows: when the user was last seen, and whom it hides from.
  bool is_complete = false;
};

/// The memories of actors that sleep; each belongs to the actor again when that is started. Any thread.
class presence_shelf {
public:
  void put(const user_id& user, std::unique_ptr<presence_memory> memory) {
    auto& where = stripe_of(user);
    const std::lock_guard guard{where.lock};
    where.memories[user] = std::move(memory);
  }

  /// Nothing if there is none.
  [[nodiscard]] std::unique_ptr<presence_memory> take(const user_id& user) {
    auto& where = stripe_of(user);
    const std::lock_guard guard{where.lock};
    auto found = where.memories.extract(user);
    return found.empty() ? nullptr : std::move(found.mapped());
  }

  [[nodiscard]] std::vector<user_id> users() const {
    std::vector<user_id> all;
    for (const auto& where : stripes_) {
      const std::lock_guard guard{where.lock};
      for (const auto& [user, _] : where.memories) all.push_back(user);
    }
    return all;
  }

private:
  struct stripe {
    mutable std::mutex lock;
    std::unordered_map<user_id, std::unique_ptr<presence_memory>> memories;
  };

  stripe& stripe_of(const user_id& user) { return stripes_[std::hash<user_id>{}(user) % stripes_.size()]; }

  std::array<stripe, 64> stripes_;
};

} // namespace parley::actors
