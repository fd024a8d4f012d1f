#include "persistence/sqlite/migrate.hpp"

#include <fmt/format.h>

#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

result<void> apply(database& in, std::size_t number, std::string_view script) {
  auto all = transaction::begin_write(in);
  if (!all) return fail(all.error());
  if (auto done = in.execute(std::string{script}); !done) return done;
  if (auto done = in.execute(fmt::format("PRAGMA user_version = {}", number)); !done) return done;
  return all->commit();
}

} // namespace

result<void> migrate(database& in) {
  const auto version = in.first("PRAGMA user_version", [](row& row) { return row.take<std::size_t>(); });
  if (!version) return fail(version.error());
  const auto known = migrations();
  const auto present = version->value_or(0);
  if (present > known.size())
    return fail(errc::conflict,
                fmt::format("its layout has version {}, this program knows versions up to {}", present, known.size()));
  for (auto number = present + 1; number <= known.size(); ++number) {
    if (auto done = apply(in, number, known[number - 1]); !done)
      return fail(done.error().code, fmt::format("migration {} failed: {}", number, done.error().detail));
  }
  return {};
}

} // namespace parley::persistence::sqlite
