#include "persistence/sqlite/connections.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "persistence/sqlite/migrate.hpp"

namespace parley::persistence::sqlite {

namespace {

// temp_store: savepoints keep their undo pages in memory instead of a temporary file.
constexpr auto every_connection = "PRAGMA busy_timeout = {};"
                                  "PRAGMA foreign_keys = OFF;"
                                  "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA temp_store = MEMORY;";

// FULL: a commit is on disk before it is acknowledged. The large checkpoint interval (240 MB of log) nearly doubles the
// rate of appends and takes the checkpoint out of their 99th percentile; 32 MB of cache hold the upper pages of the
// keys.
constexpr auto writer_only = "PRAGMA synchronous = FULL;"
                             "PRAGMA wal_autocheckpoint = 60000;"
                             "PRAGMA journal_size_limit = 268435456;"
                             "PRAGMA cache_size = -32768;";

constexpr auto reader_only = "PRAGMA query_only = ON;"
                             "PRAGMA cache_size = -8192;";

// SQLite would make the file readable for everybody, and it holds password hashes; its other files copy the mode.
result<void> make_private(const std::filesystem::path& file) {
  const auto descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(errc::unavailable, std::generic_category().message(errno));
  ::close(descriptor);
  return {};
}

result<void> turn_on_wal(database& writer) {
  const auto mode = writer.first("PRAGMA journal_mode = WAL", [](row& row) { return row.take<std::string>(); });
  if (!mode) return fail(mode.error());
  if (*mode != "wal") return fail(errc::unavailable, "its file system cannot hold a write-ahead log");
  return {};
}

result<database> connect(const std::filesystem::path& file, const sqlite_options& options, const char* pragmas) {
  auto connection = database::open(file);
  if (!connection) return connection;
  const auto script = fmt::format(every_connection, options.busy_timeout.count()) + pragmas;
  if (auto done = connection->execute(script); !done) return fail(done.error());
  return connection;
}

result<std::vector<database>> connect_writer(const std::filesystem::path& file, const sqlite_options& options) {
  auto writer = connect(file, options, writer_only);
  if (!writer) return fail(writer.error());
  if (auto done = turn_on_wal(*writer); !done) return fail(done.error());
  if (auto done = migrate(*writer); !done) return fail(done.error());
  std::vector<database> only;
  only.push_back(*std::move(writer));
  return only;
}

result<std::vector<database>> connect_readers(const std::filesystem::path& file, const sqlite_options& options) {
  std::vector<database> readers;
  for (unsigned i = 0; i < std::max(1U, options.readers); ++i) {
    auto reader = connect(file, options, reader_only);
    if (!reader) return fail(reader.error());
    readers.push_back(*std::move(reader));
  }
  return readers;
}

} // namespace

result<std::shared_ptr<connections>> open_connections(const std::filesystem::path& given,
                                                      const sqlite_options& options) {
  std::error_code why;
  const auto file = std::filesystem::absolute(given, why);
  if (!why) std::filesystem::create_directories(file.parent_path(), why);
  if (why)
    return fail(errc::unavailable, fmt::format("cannot make the folder of {}: {}", given.string(), why.message()));

  auto lock = lock_file::acquire(file);
  if (!lock) return fail(lock.error());

  const auto refuse = [&](const error& cause) {
    return fail(cause.code, fmt::format("cannot open {}: {}", file.string(), cause.detail));
  };
  if (auto made = make_private(file); !made) return refuse(made.error());
  auto writer = connect_writer(file, options);
  if (!writer) return refuse(writer.error());
  auto readers = connect_readers(file, options);
  if (!readers) return refuse(readers.error());
  return std::make_shared<connections>(*std::move(lock), *std::move(writer), *std::move(readers));
}

} // namespace parley::persistence::sqlite
