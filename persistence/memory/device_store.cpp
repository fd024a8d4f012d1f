#include <algorithm>

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

namespace {

using device_map = std::map<device_id, known_device>;

void remove_longest_unused(device_map& devices, const device_id& but) {
  auto oldest = devices.end();
  for (auto candidate = devices.begin(); candidate != devices.end(); ++candidate) {
    if (candidate->first == but) continue;
    if (oldest == devices.end() || candidate->second.last_used < oldest->second.last_used) oldest = candidate;
  }
  if (oldest != devices.end()) devices.erase(oldest);
}

class devices_in_memory final : public device_store {
public:
  explicit devices_in_memory(std::shared_ptr<state> all) : all_{std::move(all)} {}

  result<bool> touch(const user_id& user, const device_id& id, timestamp now, std::size_t devices_max) override {
    const std::scoped_lock lock{all_->mutex};
    auto& devices = all_->devices[user];
    const auto [place, fresh] = devices.try_emplace(id, known_device{.last_used = now});
    place->second.last_used = std::max(place->second.last_used, now);
    if (!fresh) return false;
    place->second.cursors = delivered_positions(user);
    while (devices_max > 0 && devices.size() > devices_max) remove_longest_unused(devices, id);
    return true;
  }

  result<std::vector<device>> list(const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<device> found;
    for (const auto& [id, known] : look_up(all_->devices, user)) found.push_back({id, known.last_used});
    return found;
  }

private:
  std::map<conversation_id, seq_no> delivered_positions(const user_id& user) {
    std::map<conversation_id, seq_no> positions;
    for (const auto& id : look_up(all_->memberships, user)) {
      const auto& self = look_up(all_->conversations, id).members.at(user);
      if (self.active()) positions[id] = self.delivered;
    }
    return positions;
  }

  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<device_store> make_device_store(std::shared_ptr<state> state) {
  return std::make_shared<devices_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory
