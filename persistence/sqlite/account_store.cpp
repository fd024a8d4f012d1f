#include <utility>

#include <fmt/format.h>

#include "persistence/sqlite/refresh_tokens.hpp"
#include "persistence/sqlite/stores.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view insert_account =
    "INSERT INTO accounts (user, name, password_hash, created_at) VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view insert_foreign = "INSERT INTO accounts (user, name, password_hash, created_at) VALUES (?1, "
                                            "'', '', ?2) ON CONFLICT (user) DO NOTHING";
constexpr std::string_view find_account = "SELECT user, name, password_hash, created_at FROM accounts WHERE user = ?1";
constexpr std::string_view exists = "SELECT 1 FROM accounts WHERE user = ?1";
constexpr std::string_view find_last_seen = "SELECT at FROM last_seen WHERE user = ?1";
constexpr std::string_view raise_last_seen =
    "INSERT INTO last_seen (user, at) VALUES (?1, ?2) ON CONFLICT (user) DO UPDATE SET at = ?2 WHERE at < ?2";

account read_account(row& from) {
  return {.user = from.take<user_id>(),
          .name = from.take<std::string>(),
          .password_hash = from.take<std::string>(),
          .created_at = from.take<timestamp>()};
}

class accounts_in_sqlite final : public account_store {
public:
  explicit accounts_in_sqlite(std::shared_ptr<connections> to) : to_{std::move(to)} {}

  result<void> create(const account& fresh) override {
    const auto done =
        to_->writer.take()->run(insert_account, fresh.user, fresh.name, fresh.password_hash, fresh.created_at);
    if (!done && done.error().code == errc::conflict)
      return fail(errc::conflict, fmt::format("the user {} exists", fresh.user.value));
    if (!done) return fail(done.error());
    return {};
  }

  result<void> ensure_exists(const user_id& user, timestamp now) override {
    // Nearly every log-in is of a known user; it should not wait for the writer.
    const auto known = to_->readers.take()->first(
        exists, [](row&) { return true; }, user);
    if (!known) return fail(known.error());
    if (*known) return {};
    if (auto done = to_->writer.take()->run(insert_foreign, user, now); !done) return fail(done.error());
    return {};
  }

  result<std::optional<account>> find(const user_id& user) override {
    return to_->readers.take()->first(find_account, read_account, user);
  }

  result<std::vector<user_id>> missing(const std::vector<user_id>& users) override {
    const auto reader = to_->readers.take();
    const auto moment = transaction::begin_read(*reader);
    if (!moment) return fail(moment.error());
    std::vector<user_id> absent;
    for (const auto& user : users) {
      const auto known = reader->first(
          exists, [](row&) { return true; }, user);
      if (!known) return fail(known.error());
      if (!*known) absent.push_back(user);
    }
    return absent;
  }

  result<void> add_refresh(const refresh_grant& grant) override {
    return sqlite::add_refresh(*to_->writer.take(), grant);
  }

  result<refresh_grant> use_refresh(const token_digest& digest, timestamp now) override {
    return sqlite::use_refresh(*to_->writer.take(), digest, now);
  }

  result<std::optional<timestamp>> last_seen(const user_id& user) override {
    return to_->readers.take()->first(
        find_last_seen, [](row& row) { return row.take<timestamp>(); }, user);
  }

  result<void> set_last_seen(const user_id& user, timestamp at) override {
    if (auto done = to_->writer.take()->run(raise_last_seen, user, at); !done) return fail(done.error());
    return {};
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<account_store> make_account_store(std::shared_ptr<connections> to) {
  return std::make_shared<accounts_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
