#include "persistence/sqlite/log_writer.hpp"

#include <fmt/format.h>

#include "persistence/sqlite/log_reader.hpp"
#include "persistence/sqlite/projection.hpp"
#include "persistence/sqlite/search_index.hpp"
#include "persistence/sqlite/transaction.hpp"
#include "persistence/well_formed.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view insert_entry =
    "INSERT INTO log (conversation, seq, kind, author, client, target, at, countable, print, body) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

constexpr std::string_view erase_message =
    "UPDATE log SET body = '{}', countable = 0 WHERE conversation = ?1 AND seq = ?2";
const std::string erase_edits =
    fmt::format("UPDATE log SET body = '{{}}' WHERE conversation = ?1 AND target = ?2 AND target > 0 AND kind = {}",
                static_cast<int>(entry_kind::edited));

/// Why entry `index` was refused by a unique key.
result<write_outcome> explain_conflict(database& in, const conversation_write& write, std::size_t index) {
  const auto& refused = write.entries[index];
  if (!refused.client) return collision{};
  auto first = find_by_client(in, write.conversation, refused.author, *refused.client);
  if (!first) return fail(first.error());
  if (!*first) return collision{};
  return repeated{index, **std::move(first)};
}

result<write_outcome> append(database& in, const conversation_write& write) {
  if (write.entries.empty()) return committed{};
  // The write lock is held, so this is the head until the commit: a lower seq is taken, a higher one would leave a
  // hole.
  const auto head = find_head(in, write.conversation);
  if (!head) return fail(head.error());
  if (write.entries.front().seq != *head + 1) return collision{};

  for (std::size_t i = 0; i < write.entries.size(); ++i) {
    const auto& e = write.entries[i];
    const auto done = in.run(insert_entry, e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at,
                             e.countable, e.print, e.body);
    if (done) continue;
    if (done.error().code == errc::conflict) return explain_conflict(in, write, i);
    return fail(done.error());
  }
  return committed{};
}

result<void> erase(database& in, const conversation_write& write) {
  for (const auto seq : write.erased) {
    // The index is told which words it shall forget, so these must still be there.
    if (auto done = forget_words(in, write.conversation, seq); !done) return done;
    if (auto done = in.run(erase_message, write.conversation, seq); !done) return fail(done.error());
    if (auto done = in.run(erase_edits, write.conversation, seq); !done) return fail(done.error());
  }
  return {};
}

result<write_outcome> append_and_project(database& in, const conversation_write& write) {
  auto outcome = append(in, write);
  if (!outcome || !std::holds_alternative<committed>(*outcome)) return outcome;
  if (auto done = erase(in, write); !done) return fail(done.error());
  if (auto done = project(in, write); !done) return fail(done.error());
  return outcome;
}

/// Leaves all of `write` in the open transaction or nothing. `unavailable` means that the transaction is lost.
result<write_outcome> write_one(database& in, const conversation_write& write) {
  if (auto well = well_formed(write); !well) return fail(well.error());
  if (auto done = in.run("SAVEPOINT conversation"); !done) return fail(done.error());
  auto outcome = append_and_project(in, write);
  if (!outcome && outcome.error().code == errc::unavailable) return outcome;
  if (!outcome || !std::holds_alternative<committed>(*outcome)) {
    if (auto done = in.run("ROLLBACK TO conversation"); !done) return fail(errc::unavailable, done.error().detail);
  }
  if (auto done = in.run("RELEASE conversation"); !done) return fail(errc::unavailable, done.error().detail);
  return outcome;
}

std::vector<result<write_outcome>> none_of(std::span<const conversation_write> writes, const error& why) {
  return {writes.size(), fail(errc::unavailable, why.detail)};
}

} // namespace

std::vector<result<write_outcome>> write_all(database& in, std::span<const conversation_write> writes) {
  auto all = transaction::begin_write(in);
  if (!all) return none_of(writes, all.error());
  std::vector<result<write_outcome>> outcomes;
  outcomes.reserve(writes.size());
  for (const auto& write : writes) {
    outcomes.push_back(write_one(in, write));
    const auto& last = outcomes.back();
    if (!last && last.error().code == errc::unavailable) return none_of(writes, last.error());
  }
  if (auto done = all->commit(); !done) return none_of(writes, done.error());
  return outcomes;
}

} // namespace parley::persistence::sqlite
