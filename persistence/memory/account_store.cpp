#include <algorithm>

#include <fmt/format.h>

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view start) {
  return std::ranges::equal(text.substr(0, start.size()), start, {}, small, small);
}

class accounts_in_memory final : public account_store {
public:
  explicit accounts_in_memory(std::shared_ptr<state> all) : all_{std::move(all)} {}

  result<void> create(const account& fresh) override {
    const std::scoped_lock lock{all_->mutex};
    if (!all_->accounts.emplace(fresh.user, fresh).second)
      return fail(errc::conflict, fmt::format("the user {} exists", fresh.user.value));
    return {};
  }

  result<void> ensure_exists(const user_id& user, timestamp now) override {
    const std::scoped_lock lock{all_->mutex};
    all_->accounts.emplace(user, account{.user = user, .created_at = now});
    return {};
  }

  result<std::optional<account>> find(const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    const auto found = all_->accounts.find(user);
    if (found == all_->accounts.end()) return std::nullopt;
    return found->second;
  }

  result<void> set_name(const user_id& user, const std::string& name) override {
    const std::scoped_lock lock{all_->mutex};
    const auto found = all_->accounts.find(user);
    if (found == all_->accounts.end()) return fail(errc::not_found, "no such user");
    found->second.name = name;
    return {};
  }

  result<std::vector<account>> search(std::string_view start, std::size_t limit) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<account> found;
    for (const auto& [user, account] : all_->accounts) {
      if (found.size() == limit) break;
      if (begins_with(user.value, start) || begins_with(account.name, start)) found.push_back(account);
    }
    return found;
  }

  result<std::vector<user_id>> missing(const std::vector<user_id>& users) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<user_id> absent;
    std::ranges::remove_copy_if(users, std::back_inserter(absent),
                                [&](const user_id& user) { return all_->accounts.contains(user); });
    return absent;
  }

  result<void> add_refresh(const refresh_grant& grant) override {
    const std::scoped_lock lock{all_->mutex};
    for (const auto& [digest, token] : all_->refresh_tokens)
      if (token.grant.family == grant.family && token.state == token_state::revoked)
        return fail(errc::unauthenticated, "the log-in that this token descends from was revoked");
    if (!all_->refresh_tokens.emplace(grant.digest, refresh_token{grant}).second)
      return fail(errc::internal, "a refresh token was added twice");
    return {};
  }

  result<refresh_grant> use_refresh(const token_digest& digest, timestamp now) override {
    const std::scoped_lock lock{all_->mutex};
    const auto found = all_->refresh_tokens.find(digest);
    if (found == all_->refresh_tokens.end()) return fail(errc::unauthenticated, "the refresh token is not known");
    const auto [grant, before] = found->second;
    const auto usable = before == token_state::usable;
    if (usable) found->second.state = token_state::used;
    for (auto& [other, relative] : all_->refresh_tokens)
      if (!usable && relative.grant.family == grant.family) relative.state = token_state::revoked;
    std::erase_if(all_->refresh_tokens, [&](const auto& token) { return token.second.grant.expires_at <= now; });

    if (!usable) return fail(errc::unauthenticated, "the refresh token was used before; its log-in is revoked");
    if (grant.expires_at <= now) return fail(errc::unauthenticated, "the refresh token has expired");
    return grant;
  }

  result<void> set_blocked(const user_id& user, const user_id& other, bool blocked) override {
    const std::scoped_lock lock{all_->mutex};
    if (blocked)
      all_->blocked[user].insert(other);
    else
      all_->blocked[user].erase(other);
    return {};
  }

  result<std::vector<user_id>> blocked_by(const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& blocked = look_up(all_->blocked, user);
    return std::vector<user_id>{blocked.begin(), blocked.end()};
  }

  result<std::optional<timestamp>> last_seen(const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    const auto found = all_->last_seen.find(user);
    if (found == all_->last_seen.end()) return std::nullopt;
    return found->second;
  }

  result<void> set_last_seen(std::span<const last_visit> visits) override {
    const std::scoped_lock lock{all_->mutex};
    for (const auto& [user, at] : visits) {
      auto& seen = all_->last_seen.emplace(user, at).first->second;
      seen = std::max(seen, at);
    }
    return {};
  }

private:
  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<account_store> make_account_store(std::shared_ptr<state> state) {
  return std::make_shared<accounts_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory
