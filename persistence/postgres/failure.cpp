#include "persistence/postgres/failure.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <pqxx/except>

namespace parley::persistence::postgres {

namespace {

errc code_for(std::string_view state) {
  if (state == "23505") return errc::conflict;
  // Wrong data, a broken constraint, an unknown table, a feature that is not there.
  for (const std::string_view ours : {"0A", "21", "22", "23", "42"})
    if (state.starts_with(ours) && state != "42501") return errc::internal;
  return errc::unavailable;
}

} // namespace

std::string one_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  std::string line{text};
  std::ranges::replace(line, '\n', ' ');
  return line;
}

bool says_lost(std::string_view state) { return state.starts_with("08") || state.starts_with("57P0"); }

bool says_in_the_way(std::string_view state) { return state == "40001" || state == "40P01"; }

failure current_failure() {
  const auto describe = [](errc code, std::string_view what, std::string_view state) {
    auto detail = fmt::format("postgres: {}", one_line(what));
    if (!state.empty()) detail += fmt::format(" ({})", state);
    return error{code, std::move(detail), {}, {}};
  };
  try {
    throw;
  } catch (const pqxx::broken_connection& lost) {
    return {.why = describe(errc::unavailable, lost.what(), ""), .lost = true};
  } catch (const pqxx::sql_error& refused) {
    const std::string_view state = refused.sqlstate();
    return {.why = describe(code_for(state), refused.what(), state),
            .lost = says_lost(state),
            .in_the_way = says_in_the_way(state)};
  } catch (const std::exception& other) {
    return {.why = describe(errc::internal, other.what(), ""), .lost = true};
  }
}

} // namespace parley::persistence::postgres
