#include "persistence/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "persistence/sqlite/failure.hpp"

namespace parley::persistence::sqlite {

result<database> database::open(const std::filesystem::path& file) {
  sqlite3* connection = nullptr;
  // Each connection is used by one thread at a time, so SQLite's own mutex is not needed.
  const auto flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const auto code = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
  auto opened = database{connection};
  if (code != SQLITE_OK) return fail(last_failure(connection));
  return opened;
}

result<void> database::execute(const std::string& script) {
  if (sqlite3_exec(connection_.get(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail(last_failure(connection_.get()));
  return {};
}

bool database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

result<statement> database::prepare(std::string_view sql) {
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return statement{known->second.get()};
  sqlite3_stmt* fresh = nullptr;
  const auto size = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(connection_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &fresh, nullptr) != SQLITE_OK)
    return fail(last_failure(connection_.get()));
  prepared_.emplace(sqlite3_sql(fresh), fresh);
  return statement{fresh};
}

int database::changes() const { return sqlite3_changes(connection_.get()); }

void database::closer::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void database::finalizer::operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }

} // namespace parley::persistence::sqlite
