#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

result<transaction> transaction::begin_read(database& in) {
  if (auto begun = in.run("BEGIN"); !begun) return fail(begun.error());
  return transaction{in};
}

result<transaction> transaction::begin_write(database& in) {
  if (auto begun = in.run("BEGIN IMMEDIATE"); !begun) return fail(begun.error());
  return transaction{in};
}

transaction::~transaction() {
  // Whatever a rollback answers, the connection is ready for the next transaction.
  if (in_ != nullptr && in_->in_transaction()) static_cast<void>(in_->run("ROLLBACK"));
}

result<void> transaction::commit() {
  if (auto done = in_->run("COMMIT"); !done) return fail(done.error());
  return {};
}

} // namespace parley::persistence::sqlite
