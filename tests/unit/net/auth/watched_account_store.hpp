/// An account store that notes on which threads it is called, and can be switched off.

#pragma once

#include <parley/account_store.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace parley::testing {

class watched_account_store final : public account_store {
public:
  explicit watched_account_store(std::shared_ptr<account_store> kept) : kept_{std::move(kept)} {}

  /// Every call fails with `unavailable` while this is set.
  std::atomic<bool> down = false;

  [[nodiscard]] std::set<std::thread::id> callers() const {
    const std::lock_guard lock{mutex_};
    return callers_;
  }

  result<void> create(const account& fresh) override {
    return watch([&] { return kept_->create(fresh); });
  }
  result<void> ensure_exists(const user_id& user, timestamp now) override {
    return watch([&] { return kept_->ensure_exists(user, now); });
  }
  result<std::optional<account>> find(const user_id& user) override {
    return watch([&] { return kept_->find(user); });
  }
  result<void> set_name(const user_id& user, const std::string& name) override {
    return watch([&] { return kept_->set_name(user, name); });
  }
  result<std::vector<account>> search(std::string_view start, std::size_t limit) override {
    return watch([&] { return kept_->search(start, limit); });
  }
  result<std::vector<user_id>> missing(const std::vector<user_id>& users) override {
    return watch([&] { return kept_->missing(users); });
  }
  result<void> add_refresh(const refresh_grant& grant) override {
    return watch([&] { return kept_->add_refresh(grant); });
  }
  result<refresh_grant> use_refresh(const token_digest& digest, timestamp now) override {
    return watch([&] { return kept_->use_refresh(digest, now); });
  }
  result<void> set_blocked(const user_id& user, const user_id& other, bool blocked) override {
    return watch([&] { return kept_->set_blocked(user, other, blocked); });
  }
  result<std::vector<user_id>> blocked_by(const user_id& user) override {
    return watch([&] { return kept_->blocked_by(user); });
  }
  result<std::optional<timestamp>> last_seen(const user_id& user) override {
    return watch([&] { return kept_->last_seen(user); });
  }
  result<void> set_last_seen(std::span<const last_visit> visits) override {
    return watch([&] { return kept_->set_last_seen(visits); });
  }

private:
  template <class Call> auto watch(const Call& call) -> decltype(call()) {
    {
      const std::lock_guard lock{mutex_};
      callers_.insert(std::this_thread::get_id());
    }
    if (down) return fail(errc::unavailable, "the store is switched off");
    return call();
  }

  std::shared_ptr<account_store> kept_;
  mutable std::mutex mutex_;
  std::set<std::thread::id> callers_;
};

} // namespace parley::testing
