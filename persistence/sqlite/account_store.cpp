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
constexpr std::string_view rename = "UPDATE accounts SET name = ?2 WHERE user = ?1";
// All that begins with ?1 lies between it and ?2.
constexpr std::string_view find_by_start =
    "SELECT user, name, password_hash, created_at FROM accounts"
    " WHERE (user COLLATE NOCASE >= ?1 AND user COLLATE NOCASE < ?2)"
    " OR (name COLLATE NOCASE >= ?1 AND name COLLATE NOCASE < ?2) ORDER BY user LIMIT ?3";
constexpr std::string_view insert_block =
    "INSERT INTO blocks (user, other) VALUES (?1, ?2) ON CONFLICT (user, other) DO NOTHING";
constexpr std::string_view delete_block = "DELETE FROM blocks WHERE user = ?1 AND other = ?2";
constexpr std::string_view blocks_of = "SELECT other FROM blocks WHERE user = ?1 ORDER BY other";
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

  result<void> set_name(const user_id& user, const std::string& name) override {
    const auto done = to_->writer.take()->run(rename, user, name);
    if (!done) return fail(done.error());
    if (*done == 0) return fail(errc::not_found, "no such user");
    return {};
  }

  result<std::vector<account>> search(std::string_view start, std::size_t limit) override {
    // No UTF-8 has this byte.
    const auto end = fmt::format("{}\xff", start);
    return to_->readers.take()->rows(find_by_start, read_account, start, end, limit);
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

  result<void> set_blocked(const user_id& user, const user_id& other, bool blocked) override {
    const auto done = to_->writer.take()->run(blocked ? insert_block : delete_block, user, other);
    if (!done) return fail(done.error());
    return {};
  }

  result<std::vector<user_id>> blocked_by(const user_id& user) override {
    return to_->readers.take()->rows(
        blocks_of, [](row& row) { return row.take<user_id>(); }, user);
  }

  result<std::optional<timestamp>> last_seen(const user_id& user) override {
    return to_->readers.take()->first(
        find_last_seen, [](row& row) { return row.take<timestamp>(); }, user);
  }

  result<void> set_last_seen(std::span<const last_visit> visits) override {
    const auto writer = to_->writer.take();
    auto all = transaction::begin_write(*writer);
    if (!all) return fail(all.error());
    for (const auto& [user, at] : visits)
      if (auto done = writer->run(raise_last_seen, user, at); !done) return fail(done.error());
    return all->commit();
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<account_store> make_account_store(std::shared_ptr<connections> to) {
  return std::make_shared<accounts_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
