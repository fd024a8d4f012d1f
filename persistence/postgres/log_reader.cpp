#include "persistence/postgres/log_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "persistence/postgres/model_rows.hpp"

namespace parley::persistence::postgres {

namespace {

const std::string oldest_of_range =
    fmt::format("SELECT {} FROM log e WHERE e.conversation = $1 AND e.seq > $2 AND e.seq < $3 ORDER BY e.seq LIMIT $4",
                entry_columns);
const std::string newest_of_range = fmt::format(
    "SELECT {} FROM log e WHERE e.conversation = $1 AND e.seq > $2 AND e.seq < $3 ORDER BY e.seq DESC LIMIT $4",
    entry_columns);
const std::string changes_of =
    fmt::format("SELECT {} FROM log e WHERE e.conversation = $1 AND e.target > 0 AND e.target BETWEEN $2 AND $3"
                " AND e.seq <= $4 ORDER BY e.seq",
                entry_columns);
// The index holds entries with a client id only, and the planner has to see that.
const std::string by_client = fmt::format("SELECT {} FROM log e WHERE e.conversation = $1 AND e.author = $2"
                                          " AND e.client = $3 AND e.client IS NOT NULL",
                                          entry_columns);
const std::string record_of =
    fmt::format("SELECT e.seq, e.at, {} FROM conversations c CROSS JOIN LATERAL"
                " (SELECT h.seq, h.at FROM log h WHERE h.conversation = c.id ORDER BY h.seq DESC LIMIT 1) e"
                " WHERE c.id = $1",
                record_columns);
const std::string members_of =
    fmt::format("SELECT {} FROM members m WHERE m.conversation = $1 ORDER BY m.\"user\"", member_columns);
const std::string active_members_of =
    fmt::format("SELECT {} FROM members m WHERE m.conversation = $1 AND m.left_seq = 0 AND m.\"user\" > $2"
                " ORDER BY m.\"user\" LIMIT $3",
                member_columns);
const std::string access_of = fmt::format("SELECT {}, c.history, c.kind, e.seq"
                                          " FROM members m JOIN conversations c ON c.id = m.conversation"
                                          " CROSS JOIN {} WHERE m.\"user\" = $1 AND m.conversation = $2",
                                          member_columns, newest_for_member);

access read_access(row& from) {
  return {.self = read_member(from),
          .history = from.take<history_policy>(),
          .kind = from.take<conversation_kind>(),
          .head = from.take<seq_no>()};
}

conversation_snapshot read_snapshot(row& from) {
  conversation_snapshot read;
  read.head = from.take<seq_no>();
  read.newest_at = from.take<timestamp>();
  read.record = read_record(from);
  return read;
}

} // namespace

result<std::optional<conversation_snapshot>> load(connection& in, const conversation_id& conversation) {
  auto found = in.first(record_of, read_snapshot, conversation);
  if (!found || !*found) return found;
  auto members = in.rows(members_of, read_member, conversation);
  if (!members) return fail(members.error());
  (*found)->members = *std::move(members);
  return found;
}

result<std::vector<entry>> read_range(connection& in, const conversation_id& conversation, const log_range& range) {
  const auto& query = range.newest ? newest_of_range : oldest_of_range;
  auto entries = in.rows(query, read_entry, conversation, range.after, range.before, range.limit);
  if (entries && range.newest) std::ranges::reverse(*entries);
  return entries;
}

result<std::vector<entry>> read_changes(connection& in, const conversation_id& conversation, seq_no first, seq_no last,
                                        seq_no head) {
  return in.rows(changes_of, read_entry, conversation, first, last, head);
}

result<std::optional<entry>> find_by_client(connection& in, const conversation_id& conversation, const user_id& author,
                                            const client_id& client) {
  return in.first(by_client, read_entry, conversation, author, client);
}

result<std::optional<access>> find_access(connection& in, const conversation_id& conversation, const user_id& user) {
  return in.first(access_of, read_access, user, conversation);
}

result<std::vector<member>> find_members(connection& in, const conversation_id& conversation,
                                         const std::optional<user_id>& after, std::size_t limit) {
  // No user id is empty, so nothing stands before the empty text.
  return in.rows(active_members_of, read_member, conversation, after.value_or(user_id{}), limit);
}

} // namespace parley::persistence::postgres
