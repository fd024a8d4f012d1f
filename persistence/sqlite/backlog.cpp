#include "persistence/sqlite/backlog.hpp"

#include <fmt/format.h>

#include "persistence/backlog_entries.hpp"
#include "persistence/sqlite/log_reader.hpp"
#include "persistence/sqlite/model_rows.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

// A known device without a cursor was there before the membership, so it has nothing of it. One that is not known lacks
// nothing of what the user has left.
const std::string standings_of =
    fmt::format("SELECT {}, m.conversation, c.mode, CASE WHEN m.left_seq = 0 THEN {} ELSE m.left_seq END,"
                " CASE WHEN d.device IS NULL THEN m.delivered ELSE coalesce(k.seq, 0) END,"
                " CASE WHEN m.left_seq = 0 THEN {} ELSE 0 END"
                " FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
                " LEFT JOIN devices d ON d.user = ?1 AND d.device = ?2"
                " LEFT JOIN cursors k ON k.user = ?1 AND k.device = ?2 AND k.conversation = m.conversation"
                " WHERE m.user = ?1 AND (m.left_seq = 0 OR (d.device IS NOT NULL AND coalesce(k.seq, 0) < m.left_seq))"
                " AND EXISTS (SELECT 1 FROM log l WHERE l.conversation = m.conversation) ORDER BY m.conversation",
                member_columns, head_for_member, unread_of_member);

} // namespace

result<std::vector<backlog>> find_backlog(database& in, const user_id& user, const device_id& device,
                                          std::size_t limit) {
  const auto moment = transaction::begin_read(in);
  if (!moment) return fail(moment.error());
  auto standings = in.rows(standings_of, read_standing, user, device);
  if (!standings) return fail(standings.error());

  std::vector<backlog> backlogs;
  backlogs.reserve(standings->size());
  for (auto& [self, owed] : *standings) {
    const auto id = owed.conversation;
    const log_reads log{
        .range = [&](const log_range& range) { return read_range(in, id, range); },
        .changes = [&](seq_no first, seq_no last, seq_no head) { return read_changes(in, id, first, last, head); }};
    if (auto done = fill(owed, self, limit, log); !done) return fail(done.error());
    backlogs.push_back(std::move(owed));
  }
  return backlogs;
}

} // namespace parley::persistence::sqlite
