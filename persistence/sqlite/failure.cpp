#include "persistence/sqlite/failure.hpp"

#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

namespace parley::persistence::sqlite {

namespace {

errc code_for(int extended) {
  if (extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_UNIQUE) return errc::conflict;
  switch (extended & 0xff) {
  case SQLITE_ERROR:
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
  case SQLITE_MISUSE:
  case SQLITE_RANGE:
  case SQLITE_TOOBIG: return errc::internal;
  default: return errc::unavailable;
  }
}

} // namespace

error last_failure(sqlite3* connection) {
  const auto extended = sqlite3_extended_errcode(connection);
  auto detail = fmt::format("sqlite: {} ({})", sqlite3_errmsg(connection), extended);
  const auto cause = sqlite3_system_errno(connection);
  if ((extended & 0xff) == SQLITE_IOERR && cause != 0)
    detail += fmt::format(": {}", std::generic_category().message(cause));
  return {code_for(extended), std::move(detail), {}, {}};
}

} // namespace parley::persistence::sqlite
