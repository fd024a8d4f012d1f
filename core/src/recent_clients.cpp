#include <parley/recent_clients.hpp>

namespace parley {

void recent_clients::remember(const user_id& author, const client_id& client, const written& where) {
  key fresh{author, client};
  if (!known_.emplace(fresh, where).second) return;
  order_.push_back(std::move(fresh));
  if (order_.size() > ids_max_) {
    known_.erase(order_.front());
    order_.pop_front();
  }
}

std::optional<written> recent_clients::find(const user_id& author, const client_id& client) const {
  const auto found = known_.find(key{author, client});
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

} // namespace parley
