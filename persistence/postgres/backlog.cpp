#include "persistence/postgres/backlog.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "persistence/backlog_entries.hpp"
#include "persistence/postgres/model_rows.hpp"
#include "persistence/spans.hpp"

namespace parley::persistence::postgres {

namespace {

// A known device without a cursor was there before the membership, so it has nothing of it. One that is not known lacks
// nothing of what the user has left.
const std::string standings_of =
    fmt::format("SELECT {}, m.conversation, c.mode, CASE WHEN m.left_seq = 0 THEN e.seq ELSE m.left_seq END,"
                " CASE WHEN d.device IS NULL THEN m.delivered ELSE coalesce(k.seq, 0) END,"
                " CASE WHEN m.left_seq = 0 THEN {} ELSE 0 END"
                " FROM members m JOIN conversations c ON c.id = m.conversation"
                " LEFT JOIN devices d ON d.\"user\" = $1 AND d.device = $2"
                " LEFT JOIN cursors k ON k.\"user\" = $1 AND k.device = $2 AND k.conversation = m.conversation"
                " CROSS JOIN LATERAL (SELECT h.seq FROM log h WHERE h.conversation = m.conversation"
                "  ORDER BY h.seq DESC LIMIT 1) e"
                " WHERE m.\"user\" = $1"
                " AND (m.left_seq = 0 OR (d.device IS NOT NULL AND coalesce(k.seq, 0) < m.left_seq))"
                " ORDER BY m.conversation",
                member_columns, unread_of_member);

// The newest entries of each span, and what changes them later. Everything up to a head that is known already does not
// move any more, so the two statements need no common moment.
const std::string entries_of =
    fmt::format("WITH s AS (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[])"
                "  AS s (conversation, first, last, head)),"
                " e AS MATERIALIZED (SELECT l.*, s.head FROM s CROSS JOIN LATERAL"
                "  (SELECT * FROM log l WHERE l.conversation = s.conversation AND l.seq BETWEEN s.first AND s.last"
                "   ORDER BY l.seq DESC LIMIT $5) l),"
                " b AS (SELECT e.conversation, min(e.seq) AS first, max(e.seq) AS last, max(e.head) AS head FROM e"
                "  GROUP BY e.conversation) "
                "SELECT false AS later, {0} FROM e "
                "UNION ALL "
                "SELECT true, {0} FROM b CROSS JOIN LATERAL (SELECT * FROM log l WHERE l.conversation = b.conversation"
                "  AND l.target > 0 AND l.target BETWEEN b.first AND b.last AND l.seq <= b.head) e "
                "ORDER BY 1, 2, 3",
                entry_columns);

/// What was read of one log, ascending.
struct log_part {
  std::vector<entry> entries;
  std::vector<entry> changes;

  [[nodiscard]] std::vector<entry> range(const log_range& wanted) const {
    std::vector<entry> found;
    std::ranges::copy_if(entries, std::back_inserter(found),
                         [&](const entry& one) { return one.seq > wanted.after && one.seq < wanted.before; });
    // Only the newest are ever asked for.
    if (found.size() > wanted.limit)
      found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(wanted.limit));
    return found;
  }

  [[nodiscard]] std::vector<entry> changes_of(seq_no first, seq_no last, seq_no head) const {
    std::vector<entry> found;
    std::ranges::copy_if(changes, std::back_inserter(found), [&](const entry& one) {
      return first <= one.target && one.target <= last && one.seq <= head;
    });
    return found;
  }
};

using log_parts = std::map<conversation_id, log_part>;

struct wanted_span {
  conversation_id conversation;
  membership_span span;
  seq_no head = 0;
};

result<log_parts> read_parts(connection& in, const std::vector<standing>& standings, std::size_t limit) {
  std::vector<wanted_span> wanted;
  for (const auto& [self, owed] : standings) {
    if (owed.mode == delivery_mode::pull) continue;
    for (const auto& span : owed_spans(self, owed.cursor, owed.head))
      wanted.push_back({owed.conversation, span, owed.head});
  }
  log_parts parts;
  if (wanted.empty()) return parts;
  const auto note = [&](row& row) {
    const auto later = row.take<bool>();
    auto read = read_entry(row);
    auto& part = parts[read.conversation];
    (later ? part.changes : part.entries).push_back(std::move(read));
  };
  auto done = in.each(entries_of, note, array_of(wanted, &wanted_span::conversation),
                      array_of(wanted, [](const wanted_span& one) { return one.span.joined; }),
                      array_of(wanted, [](const wanted_span& one) { return one.span.left; }),
                      array_of(wanted, &wanted_span::head), limit);
  if (!done) return fail(done.error());
  return parts;
}

} // namespace

result<std::vector<backlog>> find_backlog(connection& in, const user_id& user, const device_id& device,
                                          std::size_t limit) {
  auto standings = in.rows(standings_of, read_standing, user, device);
  if (!standings) return fail(standings.error());
  auto parts = read_parts(in, *standings, limit);
  if (!parts) return fail(parts.error());

  std::vector<backlog> backlogs;
  backlogs.reserve(standings->size());
  for (auto& [self, owed] : *standings) {
    const auto& part = (*parts)[owed.conversation];
    const log_reads log{
        .range = [&](const log_range& range) { return part.range(range); },
        .changes = [&](seq_no first, seq_no last, seq_no head) { return part.changes_of(first, last, head); }};
    if (auto done = fill(owed, self, limit, log); !done) return fail(done.error());
    backlogs.push_back(std::move(owed));
  }
  return backlogs;
}

} // namespace parley::persistence::postgres
