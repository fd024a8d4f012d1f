#include <utility>

#include <fmt/format.h>

#include "persistence/postgres/refresh_tokens.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

const std::string insert_account =
    "INSERT INTO accounts (\"user\", name, password_hash, created_at) VALUES ($1, $2, $3, $4)";
const std::string insert_foreign = "INSERT INTO accounts (\"user\", name, password_hash, created_at)"
                                   " VALUES ($1, '', '', $2) ON CONFLICT (\"user\") DO NOTHING";
const std::string find_account = "SELECT \"user\", name, password_hash, created_at FROM accounts WHERE \"user\" = $1";
const std::string rename_account = "UPDATE accounts SET name = $2 WHERE \"user\" = $1";
// All that begins with $1 lies between it and $2.
const std::string find_by_start = "SELECT \"user\", name, password_hash, created_at FROM accounts"
                                  " WHERE (lower(\"user\") >= $1 AND lower(\"user\") < $2)"
                                  " OR (lower(name) >= $1 AND lower(name) < $2) ORDER BY \"user\" LIMIT $3";
const std::string insert_block =
    "INSERT INTO blocks (\"user\", other) VALUES ($1, $2) ON CONFLICT (\"user\", other) DO NOTHING";
const std::string delete_block = "DELETE FROM blocks WHERE \"user\" = $1 AND other = $2";
const std::string blocks_of = "SELECT other FROM blocks WHERE \"user\" = $1 ORDER BY other";
const std::string exists = "SELECT 1 FROM accounts WHERE \"user\" = $1";
const std::string missing_of =
    "SELECT w.\"user\" FROM unnest($1::text[]) WITH ORDINALITY AS w (\"user\", number)"
    " WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.\"user\" = w.\"user\") ORDER BY w.number";
const std::string find_last_seen = "SELECT at FROM last_seen WHERE \"user\" = $1";
// In one order, so that two nodes do not wait for each other.
const std::string raise_last_seen = "INSERT INTO last_seen AS s (\"user\", at) SELECT w.\"user\", max(w.at)"
                                    " FROM unnest($1::text[], $2::bigint[]) AS w (\"user\", at) GROUP BY 1 ORDER BY 1"
                                    " ON CONFLICT (\"user\") DO UPDATE SET at = excluded.at WHERE s.at < excluded.at";

account read_account(row& from) {
  return {.user = from.take<user_id>(),
          .name = from.take<std::string>(),
          .password_hash = from.take<std::string>(),
          .created_at = from.take<timestamp>()};
}

/// As `lower` of the collation "C" does it.
std::string folded(std::string_view text) {
  std::string small{text};
  for (auto& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return small;
}

class accounts_in_postgres final : public account_store {
  template <class... Values> result<std::size_t> run(const std::string& sql, const Values&... values) {
    return to_->change([&](connection& in) { return in.run(sql, values...); });
  }
  template <class Read, class... Values> auto first(const std::string& sql, Read read, const Values&... values) {
    return to_->read([&](connection& in) { return in.first(sql, read, values...); });
  }
  template <class Read, class... Values> auto rows(const std::string& sql, Read read, const Values&... values) {
    return to_->read([&](connection& in) { return in.rows(sql, read, values...); });
  }

public:
  explicit accounts_in_postgres(std::shared_ptr<pool> to) : to_{std::move(to)} {}

  result<void> create(const account& fresh) override {
    const auto done = run(insert_account, fresh.user, fresh.name, fresh.password_hash, fresh.created_at);
    if (!done && done.error().code == errc::conflict)
      return fail(errc::conflict, fmt::format("the user {} exists", fresh.user.value));
    if (!done) return fail(done.error());
    return {};
  }

  result<void> ensure_exists(const user_id& user, timestamp now) override {
    // Nearly every log-in is of a known user, for which nothing needs to be written.
    const auto known = first(
        exists, [](row&) { return true; }, user);
    if (!known) return fail(known.error());
    if (*known) return {};
    if (auto done = run(insert_foreign, user, now); !done) return fail(done.error());
    return {};
  }

  result<std::optional<account>> find(const user_id& user) override { return first(find_account, read_account, user); }

  result<void> set_name(const user_id& user, const std::string& name) override {
    const auto done = run(rename_account, user, name);
    if (!done) return fail(done.error());
    if (*done == 0) return fail(errc::not_found, "no such user");
    return {};
  }

  result<std::vector<account>> search(std::string_view start, std::size_t limit) override {
    // The last character that there is.
    const auto from = folded(start);
    return rows(find_by_start, read_account, from, from + "\xf4\x8f\xbf\xbf", limit);
  }

  result<std::vector<user_id>> missing(const std::vector<user_id>& users) override {
    return rows(
        missing_of, [](row& row) { return row.take<user_id>(); }, array_of(users));
  }

  result<void> add_refresh(const refresh_grant& grant) override {
    return to_->change([&](connection& in) { return postgres::add_refresh(in, grant); });
  }

  result<refresh_grant> use_refresh(const token_digest& digest, timestamp now) override {
    auto used = to_->change([&](connection& in) { return postgres::use_refresh(in, digest, now); });
    if (!used) return fail(used.error());
    if (used->refused) return fail(errc::unauthenticated, used->refused);
    return std::move(used->grant);
  }

  result<void> set_blocked(const user_id& user, const user_id& other, bool blocked) override {
    const auto done = run(blocked ? insert_block : delete_block, user, other);
    if (!done) return fail(done.error());
    return {};
  }

  result<std::vector<user_id>> blocked_by(const user_id& user) override {
    return rows(
        blocks_of, [](row& row) { return row.take<user_id>(); }, user);
  }

  result<std::optional<timestamp>> last_seen(const user_id& user) override {
    return first(
        find_last_seen, [](row& row) { return row.take<timestamp>(); }, user);
  }

  result<void> set_last_seen(std::span<const last_visit> visits) override {
    const auto done = run(raise_last_seen, array_of(visits, &last_visit::user), array_of(visits, &last_visit::at));
    if (!done) return fail(done.error());
    return {};
  }

private:
  std::shared_ptr<pool> to_;
};

} // namespace

std::shared_ptr<account_store> make_account_store(std::shared_ptr<pool> to) {
  return std::make_shared<accounts_in_postgres>(std::move(to));
}

} // namespace parley::persistence::postgres
