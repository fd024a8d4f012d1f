/// One connection to a database file, with the statements it has prepared. For one thread at a time.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <parley/error.hpp>

#include "persistence/sqlite/statement.hpp"

struct sqlite3;

namespace parley::persistence::sqlite {

class database {
public:
  /// Opens a file that exists. The path is absolute, or a name such as `file:x` would be taken for a URI.
  [[nodiscard]] static result<database> open(const std::filesystem::path& file);

  /// Runs a script of statements without parameters.
  [[nodiscard]] result<void> execute(const std::string& script);

  /// Runs one statement, which is prepared once, and says how many rows it changed.
  template <class... Values> result<int> run(std::string_view sql, const Values&... values) {
    auto running = start(sql, values...);
    if (!running) return fail(running.error());
    if (auto done = running->step(); !done) return fail(done.error());
    return changes();
  }

  /// Shows every row of a query to `visit(row&)`.
  template <class Visit, class... Values>
  result<void> each(std::string_view sql, Visit visit, const Values&... values) {
    auto running = start(sql, values...);
    if (!running) return fail(running.error());
    for (;;) {
      const auto more = running->step();
      if (!more) return fail(more.error());
      if (!*more) return {};
      auto current = running->current();
      visit(current);
    }
  }

  /// All rows of a query; `read(row&)` makes a value of each.
  template <class Read, class... Values>
  result<std::vector<std::invoke_result_t<Read, row&>>> rows(std::string_view sql, Read read, const Values&... values) {
    std::vector<std::invoke_result_t<Read, row&>> found;
    auto done = each(
        sql, [&](row& row) { found.push_back(read(row)); }, values...);
    if (!done) return fail(done.error());
    return found;
  }

  /// The first row of a query, if there is one.
  template <class Read, class... Values> result<std::optional<std::invoke_result_t<Read, row&>>>
  first(std::string_view sql, Read read, const Values&... values) {
    auto running = start(sql, values...);
    if (!running) return fail(running.error());
    const auto more = running->step();
    if (!more) return fail(more.error());
    if (!*more) return std::nullopt;
    auto current = running->current();
    return read(current);
  }

  /// Whether a transaction is open: SQLite ends some by itself when they fail.
  [[nodiscard]] bool in_transaction() const;

private:
  struct closer {
    void operator()(sqlite3* connection) const;
  };
  struct finalizer {
    void operator()(sqlite3_stmt* prepared) const;
  };

  explicit database(sqlite3* connection) : connection_{connection} {}

  template <class... Values> result<statement> start(std::string_view sql, const Values&... values) {
    auto fresh = prepare(sql);
    if (fresh) fresh->bind_all(values...);
    return fresh;
  }
  result<statement> prepare(std::string_view sql);
  [[nodiscard]] int changes() const;

  std::unique_ptr<sqlite3, closer> connection_;
  // The keys are views of the text that each statement keeps.
  std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, finalizer>> prepared_;
};

} // namespace parley::persistence::sqlite
