#include "actors/unsettled_positions.hpp"

#include <algorithm>

namespace parley::actors {

void unsettled_positions::mark(const user_id& user, const conversation_id& conversation) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  auto& open = where.users[user];
  if (std::find(open.begin(), open.end(), conversation) == open.end()) open.push_back(conversation);
}

void unsettled_positions::clear(const user_id& user, const conversation_id& conversation) {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  if (found == where.users.end()) return;
  std::erase(found->second, conversation);
  if (found->second.empty()) where.users.erase(found);
}

std::vector<conversation_id> unsettled_positions::of(const user_id& user) const {
  auto& where = stripe_of(user);
  const std::lock_guard guard{where.lock};
  const auto found = where.users.find(user);
  return found == where.users.end() ? std::vector<conversation_id>{} : found->second;
}

} // namespace parley::actors
