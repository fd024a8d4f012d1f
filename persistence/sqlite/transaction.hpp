/// A transaction that is rolled back unless it is committed.

#pragma once

#include <utility>

#include "persistence/sqlite/database.hpp"

namespace parley::persistence::sqlite {

class transaction {
public:
  /// Everything read until the end is from one moment.
  [[nodiscard]] static result<transaction> begin_read(database& in);
  /// Takes the write lock at once, so that nothing read here can be out of date when it is written.
  [[nodiscard]] static result<transaction> begin_write(database& in);

  transaction(transaction&& other) noexcept : in_{std::exchange(other.in_, nullptr)} {}
  transaction& operator=(transaction&&) = delete;
  ~transaction();

  /// On success everything is on disk. After a failure nothing is, as far as one can tell.
  [[nodiscard]] result<void> commit();

private:
  explicit transaction(database& in) : in_{&in} {}

  database* in_;
};

} // namespace parley::persistence::sqlite
