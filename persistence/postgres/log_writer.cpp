#include "persistence/postgres/log_writer.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "persistence/postgres/model_rows.hpp"
#include "persistence/postgres/projection.hpp"
#include "persistence/well_formed.hpp"

namespace parley::persistence::postgres {

namespace {

using outcomes = std::vector<result<write_outcome>>;

const std::string head_of = "SELECT coalesce(max(seq), 0) FROM log WHERE conversation = $1";
const std::string insert_entries =
    "INSERT INTO log (conversation, seq, kind, author, client, target, at, countable, print, body)"
    " SELECT $1::uuid, w.* FROM unnest($2::bigint[], $3::smallint[], $4::text[], $5::uuid[], $6::bigint[],"
    " $7::bigint[], $8::boolean[], $9::bytea[], $10::text[]) AS w";
const std::string erase_messages =
    "UPDATE log SET body = '{}', countable = false WHERE conversation = $1 AND seq = ANY($2::bigint[])";
const std::string erase_edits =
    fmt::format("UPDATE log SET body = '{{}}' WHERE conversation = $1 AND target = ANY($2::bigint[]) AND target > 0"
                " AND kind = {}",
                static_cast<int>(entry_kind::edited));
// The first of the entries whose client id is in the log, and how it stands there.
const std::string first_repetition = fmt::format(
    "SELECT w.number - 1, {} FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS w (author, client, number)"
    " JOIN log e ON e.conversation = $1 AND e.author = w.author AND e.client = w.client"
    " AND e.client IS NOT NULL ORDER BY w.number LIMIT 1",
    entry_columns);

result<seq_no> find_head(connection& in, const conversation_id& conversation) {
  const auto head = in.first(
      head_of, [](row& row) { return row.take<seq_no>(); }, conversation);
  if (!head) return fail(head.error());
  return head->value_or(0);
}

result<std::size_t> insert(connection& in, const conversation_write& write) {
  const auto& all = write.entries;
  return in.run(insert_entries, write.conversation, array_of(all, &entry::seq), array_of(all, &entry::kind),
                array_of(all, &entry::author), array_of(all, &entry::client), array_of(all, &entry::target),
                array_of(all, &entry::at), array_of(all, &entry::countable), array_of(all, &entry::print),
                array_of(all, &entry::body));
}

/// Why the entries of `write` were refused by a unique key.
result<write_outcome> explain_conflict(connection& in, const conversation_write& write) {
  const auto head = find_head(in, write.conversation);
  if (!head) return fail(head.error());
  if (write.entries.front().seq != *head + 1) return collision{};
  const auto read = [](row& row) {
    const auto index = row.take<std::size_t>();
    return repeated{index, read_entry(row)};
  };
  auto first = in.first(first_repetition, read, write.conversation, array_of(write.entries, &entry::author),
                        array_of(write.entries, &entry::client));
  if (!first) return fail(first.error());
  if (!*first) return collision{};
  return **std::move(first);
}

/// Inserts the entries if they continue the log. `conflict`: a unique key refused them.
result<write_outcome> append(connection& in, const conversation_write& write) {
  if (write.entries.empty()) return committed{};
  // A log never shrinks: a lower seq stays taken, a higher one would leave a hole now. Who is faster from here on is
  // found out by the key.
  const auto head = find_head(in, write.conversation);
  if (!head) return fail(head.error());
  if (write.entries.front().seq != *head + 1) return collision{};
  if (auto done = insert(in, write); !done) return fail(done.error());
  return committed{};
}

result<void> erase(connection& in, const conversation_write& write) {
  if (write.erased.empty()) return {};
  const auto seqs = array_of(write.erased);
  if (auto done = in.run(erase_messages, write.conversation, seqs); !done) return fail(done.error());
  if (auto done = in.run(erase_edits, write.conversation, seqs); !done) return fail(done.error());
  return {};
}

result<write_outcome> append_and_project(connection& in, const conversation_write& write) {
  auto outcome = append(in, write);
  if (!outcome || !std::holds_alternative<committed>(*outcome)) return outcome;
  if (auto done = erase(in, write); !done) return fail(done.error());
  if (auto done = project(in, write); !done) return fail(done.error());
  return outcome;
}

/// Leaves all of `write` in the open transaction or nothing. `unavailable` means that the transaction is lost.
result<write_outcome> write_one(connection& in, const conversation_write& write) {
  if (auto well = well_formed(write); !well) return fail(well.error());
  if (auto done = in.execute("SAVEPOINT conversation"); !done) return fail(done.error());
  auto outcome = append_and_project(in, write);
  if (!outcome && outcome.error().code == errc::unavailable) return outcome;
  if (!outcome || !std::holds_alternative<committed>(*outcome)) {
    if (auto done = in.execute("ROLLBACK TO conversation"); !done) return fail(errc::unavailable, done.error().detail);
    if (!outcome && outcome.error().code == errc::conflict) outcome = explain_conflict(in, write);
  }
  if (outcome || outcome.error().code != errc::unavailable) {
    if (auto done = in.execute("RELEASE conversation"); !done) return fail(errc::unavailable, done.error().detail);
  }
  return outcome;
}

/// The places of `writes` in the order of their conversations: rivals that wait for one another in the same order do
/// not stand in each other's way for ever.
std::vector<std::size_t> ordered(std::span<const conversation_write> writes) {
  std::vector<std::size_t> places(writes.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, {}, [&](std::size_t place) { return writes[place].conversation; });
  return places;
}

} // namespace

std::vector<result<write_outcome>> write_all(pool& to, std::span<const conversation_write> writes) {
  const auto order = ordered(writes);
  auto written = to.change([&](connection& in) -> result<outcomes> {
    outcomes all(writes.size(), result<write_outcome>{committed{}});
    for (const auto place : order) {
      all[place] = write_one(in, writes[place]);
      if (!all[place] && all[place].error().code == errc::unavailable) return fail(all[place].error());
    }
    return all;
  });
  if (!written) return {writes.size(), fail(errc::unavailable, written.error().detail)};
  return *std::move(written);
}

} // namespace parley::persistence::postgres
