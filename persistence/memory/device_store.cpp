#include <algorithm>
#include <ranges>

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
    place->second.cursors = first_cursors(user);
    while (devices_max > 0 && devices.size() > devices_max) remove_longest_unused(devices, id);
    return true;
  }

  result<std::vector<device>> list(const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<device> found;
    for (const auto& [id, known] : look_up(all_->devices, user)) found.push_back({id, known.last_used, known.push});
    return found;
  }

  result<void> set_push(const user_id& user, const device_id& id, const std::string& push) override {
    const std::scoped_lock lock{all_->mutex};
    auto& devices = all_->devices[user];
    const auto found = devices.find(id);
    if (found == devices.end()) return fail(errc::not_found, "no such device");
    found->second.push = push;
    return {};
  }

  result<void> revoke(const user_id& user, const device_id& id, timestamp now) override {
    const std::scoped_lock lock{all_->mutex};
    if (all_->devices[user].erase(id) == 0) return fail(errc::not_found, "no such device");
    for (auto& token : all_->refresh_tokens | std::views::values)
      if (token.grant.user == user && token.grant.device == id) token.state = token_state::revoked;
    auto& at = all_->revoked.try_emplace({user, id}, now).first->second;
    at = std::max(at, now);
    return {};
  }

  result<std::vector<revocation>> revocations() override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<revocation> found;
    for (const auto& [whose, at] : all_->revoked) found.push_back({whose.first, whose.second, at});
    return found;
  }

private:
  /// A device that comes after the user has left lacks nothing of that conversation.
  std::map<conversation_id, seq_no> first_cursors(const user_id& user) {
    std::map<conversation_id, seq_no> positions;
    for (const auto& id : look_up(all_->memberships, user)) {
      const auto& self = look_up(all_->conversations, id).members.at(user);
      positions[id] = self.active() ? self.delivered : self.left;
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
