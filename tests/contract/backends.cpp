#include "tests/contract/backends.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/postgres_server.hpp"

namespace parley::tests {

namespace {

/// Databases of our layout with nothing in them. To make and drop one takes a second, to empty one hardly any time.
std::vector<std::string>& empty_databases() {
  static std::vector<std::string> names;
  return names;
}

constexpr auto empty_all_tables = R"(
  DO $$ DECLARE one regclass; BEGIN
    FOR one IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
        AND relnamespace = 'public'::regnamespace AND relname <> 'schema_version' LOOP
      EXECUTE format('DELETE FROM %s', one);
    END LOOP;
  END $$)";

std::string take_database() {
  auto& empty = empty_databases();
  if (!empty.empty()) {
    auto name = std::move(empty.back());
    empty.pop_back();
    return name;
  }
  auto& server = postgres_server::shared();
  auto name = server.make_database();
  const auto done = persistence::migrate_postgres({.url = server.url(name)});
  if (!done) throw std::runtime_error{done.error().detail};
  return name;
}

} // namespace

postgres_backend::postgres_backend() : database_{take_database()} {}

postgres_backend::~postgres_backend() {
  try {
    postgres_server::shared().run(empty_all_tables, database_);
    empty_databases().push_back(std::move(database_));
  } catch (const std::exception&) {
    // The next test gets another one.
  }
}

std::string postgres_backend::url() const { return postgres_server::shared().url(database_); }

} // namespace parley::tests
