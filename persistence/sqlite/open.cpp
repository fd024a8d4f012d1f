#include "persistence/open.hpp"

#include "persistence/sqlite/connections.hpp"
#include "persistence/sqlite/stores.hpp"

namespace parley::persistence {

result<stores> open_sqlite(const std::filesystem::path& file, const sqlite_options& options) {
  const auto opened = sqlite::open_connections(file, options);
  if (!opened) return fail(opened.error());
  return stores{sqlite::make_log_store(*opened), sqlite::make_account_store(*opened),
                sqlite::make_device_store(*opened), sqlite::make_file_store(*opened)};
}

} // namespace parley::persistence
