#include "tests/contract/backends.hpp"

#include <stdexcept>

#include "tests/postgres_server.hpp"

namespace parley::tests {

namespace {

/// Migrated once; a copy of it is quick to make.
const std::string& model() {
  static const std::string made = [] {
    auto& server = postgres_server::shared();
    auto name = server.make_database();
    const auto done = persistence::migrate_postgres({.url = server.url(name)});
    if (!done) throw std::runtime_error{done.error().detail};
    return name;
  }();
  return made;
}

} // namespace

postgres_backend::postgres_backend() : database_{postgres_server::shared().make_database(model())} {}

postgres_backend::~postgres_backend() { postgres_server::shared().drop_database(database_); }

std::string postgres_backend::url() const { return postgres_server::shared().url(database_); }

} // namespace parley::tests
