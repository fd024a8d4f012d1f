/// One connection to a PostgreSQL server, with the statements it has prepared. For one thread at a time.
///
/// A connection that is lost stays lost: the pool makes a new one. Nothing throws.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <parley/error.hpp>

#include "persistence/postgres/parameters.hpp"
#include "persistence/postgres/row.hpp"

namespace parley::persistence::postgres {

struct connection_options {
  /// A libpq connection string.
  std::string url;
  /// libpq counts whole seconds and at least two.
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds statement_timeout{10'000};
  /// What messages call the database: the setting that has its `url`.
  std::string name = "postgres.url";
};

class connection {
public:
  /// Connects. `unavailable` also for a server that refuses, or whose database is not in UTF-8.
  [[nodiscard]] static result<connection> open(const connection_options& options);

  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  /// Runs a script of statements without parameters.
  [[nodiscard]] result<void> execute(const std::string& script);

  /// Runs one statement, which is prepared once.
  [[nodiscard]] result<answer> ask(const std::string& sql, const parameters& values);

  /// Runs one statement and says how many rows it changed.
  template <class... Values> [[nodiscard]] result<std::size_t> run(const std::string& sql, const Values&... values) {
    const auto answered = ask(sql, to_parameters(values...));
    if (!answered) return fail(answered.error());
    return answered->affected();
  }

  /// Shows every row of a query to `visit(row&)`.
  template <class Visit, class... Values>
  [[nodiscard]] result<void> each(const std::string& sql, Visit visit, const Values&... values) {
    const auto answered = ask(sql, to_parameters(values...));
    if (!answered) return fail(answered.error());
    for (std::size_t i = 0; i < answered->size(); ++i) {
      row current{*answered, i};
      visit(current);
    }
    return {};
  }

  /// All rows of a query; `read(row&)` makes a value of each.
  template <class Read, class... Values> [[nodiscard]] result<std::vector<std::invoke_result_t<Read, row&>>>
  rows(const std::string& sql, Read read, const Values&... values) {
    std::vector<std::invoke_result_t<Read, row&>> found;
    auto done = each(
        sql, [&](row& row) { found.push_back(read(row)); }, values...);
    if (!done) return fail(done.error());
    return found;
  }

  /// The first row of a query, if there is one.
  template <class Read, class... Values> [[nodiscard]] result<std::optional<std::invoke_result_t<Read, row&>>>
  first(const std::string& sql, Read read, const Values&... values) {
    const auto answered = ask(sql, to_parameters(values...));
    if (!answered) return fail(answered.error());
    if (answered->size() == 0) return std::nullopt;
    row current{*answered, 0};
    return read(current);
  }

  [[nodiscard]] bool is_lost() const;
  /// The last failure came from others who wrote at the same time; once more may well succeed.
  [[nodiscard]] bool was_in_the_way() const;
  /// Statements and scripts sent so far.
  [[nodiscard]] std::size_t statements() const;

private:
  struct link;
  explicit connection(std::unique_ptr<link> made);

  std::unique_ptr<link> link_;
};

} // namespace parley::persistence::postgres
