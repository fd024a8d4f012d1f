#include "persistence/postgres/migrate.hpp"

#include <fmt/format.h>

namespace parley::persistence::postgres {

namespace {

// The same for every program of Parley: "parley" in ASCII. The lock ends with the transaction; waiting for it may take
// as long as the migrations of somebody else.
constexpr auto begin = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning;"
                       " SELECT pg_advisory_xact_lock(123572097570169)";

result<std::size_t> find_version(connection& in) {
  const auto read = [](row& row) { return row.take<std::size_t>(); };
  const auto there = in.first("SELECT (to_regclass('schema_version') IS NOT NULL)::int", read);
  if (!there) return fail(there.error());
  if (there->value_or(0) == 0) return std::size_t{0};
  const auto version = in.first("SELECT max(version) FROM schema_version", read);
  if (!version) return fail(version.error());
  return version->value_or(0);
}

result<void> apply_next(connection& in, std::size_t number, std::string_view script) {
  if (auto done = in.execute(begin); !done) return done;
  // Somebody else may have been faster.
  const auto present = find_version(in);
  if (!present) return fail(present.error());
  if (*present < number) {
    if (auto done = in.execute(std::string{script}); !done) return done;
    const auto note = fmt::format("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({})", number);
    if (auto done = in.execute(note); !done) return done;
  }
  return in.execute("COMMIT");
}

} // namespace

result<void> migrate(connection& in, migration_mode mode) {
  const auto present = find_version(in);
  if (!present) return fail(present.error());
  const auto known = migrations();
  if (*present > known.size())
    return fail(errc::conflict,
                fmt::format("its layout has version {}, this program knows versions up to {}", *present, known.size()));
  if (*present < known.size() && mode == migration_mode::check)
    return fail(errc::conflict, fmt::format("its layout has version {}, this program needs {}; run parleyd "
                                            "--migrate-only with a role that may change it",
                                            *present, known.size()));
  for (auto number = *present + 1; number <= known.size(); ++number) {
    if (auto done = apply_next(in, number, known[number - 1]); !done) {
      static_cast<void>(in.execute("ROLLBACK"));
      return fail(done.error().code, fmt::format("migration {} failed: {}", number, done.error().detail));
    }
  }
  return {};
}

} // namespace parley::persistence::postgres
