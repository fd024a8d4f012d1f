#include "net/rest/transfer_room.hpp"

#include <chrono>
#include <mutex>
#include <unordered_map>

namespace parley::net {

namespace {

constexpr std::chrono::milliseconds overload_pause{1'000};

} // namespace

struct transfer_room::counts {
  std::mutex mutex;
  std::size_t all = 0;
  std::unordered_map<user_id, std::size_t> of_users;
};

/// Shares the counts, so that it may outlive the room.
struct transfer_room::place {
  place(std::shared_ptr<counts> all, user_id owner, std::size_t size)
      : taken{std::move(all)}, user{std::move(owner)}, bytes{size} {}
  ~place() {
    const std::lock_guard lock{taken->mutex};
    taken->all -= bytes;
    const auto mine = taken->of_users.find(user);
    if ((mine->second -= bytes) == 0) taken->of_users.erase(mine);
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;

  std::shared_ptr<counts> taken;
  user_id user;
  std::size_t bytes;
};

transfer_room::transfer_room(const transfer_limits& limits) : limits_{limits}, taken_{std::make_shared<counts>()} {}

result<std::shared_ptr<void>> transfer_room::take(const user_id& user, std::size_t bytes) {
  {
    const std::lock_guard lock{taken_->mutex};
    const auto found = taken_->of_users.find(user);
    const auto of_user = found == taken_->of_users.end() ? 0 : found->second;
    if (taken_->all + bytes > limits_.bytes_max || of_user + bytes > limits_.user_bytes_max)
      return fail({errc::overloaded, "too many files are on their way", {}, overload_pause});
    taken_->all += bytes;
    taken_->of_users[user] += bytes;
  }
  return std::make_shared<place>(taken_, user, bytes);
}

} // namespace parley::net
