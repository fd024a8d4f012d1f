#include "persistence/sqlite/log_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "persistence/sqlite/model_rows.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view head_of = "SELECT coalesce(max(seq), 0) FROM log WHERE conversation = ?1";
constexpr std::string_view newest_of = "SELECT seq, at FROM log WHERE conversation = ?1 ORDER BY seq DESC LIMIT 1";

const std::string oldest_of_range =
    fmt::format("SELECT {} FROM log e WHERE e.conversation = ?1 AND e.seq > ?2 AND e.seq < ?3 ORDER BY e.seq LIMIT ?4",
                entry_columns);
const std::string newest_of_range = fmt::format(
    "SELECT {} FROM log e WHERE e.conversation = ?1 AND e.seq > ?2 AND e.seq < ?3 ORDER BY e.seq DESC LIMIT ?4",
    entry_columns);
const std::string changes_of =
    fmt::format("SELECT {} FROM log e WHERE e.conversation = ?1 AND e.target > 0 AND e.target BETWEEN ?2 AND ?3"
                " AND e.seq <= ?4 ORDER BY e.seq",
                entry_columns);
const std::string by_client =
    fmt::format("SELECT {} FROM log e WHERE e.conversation = ?1 AND e.author = ?2 AND e.client = ?3", entry_columns);
const std::string record_of = fmt::format("SELECT {} FROM conversations c WHERE c.id = ?1", record_columns);
const std::string members_of =
    fmt::format("SELECT {} FROM members m WHERE m.conversation = ?1 ORDER BY m.user", member_columns);
const std::string active_members_of =
    fmt::format("SELECT {} FROM members m WHERE m.conversation = ?1 AND m.left_seq = 0 AND m.user > ?2"
                " ORDER BY m.user LIMIT ?3",
                member_columns);
const std::string access_of =
    fmt::format("SELECT {}, c.history, c.kind, (SELECT max(h.seq) FROM log h WHERE h.conversation = ?2) AS head"
                " FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
                " WHERE m.user = ?1 AND m.conversation = ?2 AND head IS NOT NULL",
                member_columns);

access read_access(row& from) {
  return {.self = read_member(from),
          .history = from.take<history_policy>(),
          .kind = from.take<conversation_kind>(),
          .head = from.take<seq_no>()};
}

} // namespace

result<seq_no> find_head(database& in, const conversation_id& conversation) {
  const auto head = in.first(
      head_of, [](row& row) { return row.take<seq_no>(); }, conversation);
  if (!head) return fail(head.error());
  return head->value_or(0);
}

result<std::optional<conversation_snapshot>> load(database& in, const conversation_id& conversation) {
  const auto moment = transaction::begin_read(in);
  if (!moment) return fail(moment.error());
  const auto read_newest = [](row& row) { return std::pair{row.take<seq_no>(), row.take<timestamp>()}; };
  const auto newest = in.first(newest_of, read_newest, conversation);
  if (!newest) return fail(newest.error());
  auto record = in.first(record_of, read_record, conversation);
  if (!record) return fail(record.error());
  if (!*newest || !*record) return std::nullopt;
  auto members = in.rows(members_of, read_member, conversation);
  if (!members) return fail(members.error());
  const auto [head, at] = **newest;
  return conversation_snapshot{**std::move(record), *std::move(members), head, at};
}

result<std::vector<entry>> read_range(database& in, const conversation_id& conversation, const log_range& range) {
  const auto& query = range.newest ? newest_of_range : oldest_of_range;
  auto entries = in.rows(query, read_entry, conversation, range.after, range.before, range.limit);
  if (entries && range.newest) std::ranges::reverse(*entries);
  return entries;
}

result<std::vector<entry>> read_changes(database& in, const conversation_id& conversation, seq_no first, seq_no last,
                                        seq_no head) {
  return in.rows(changes_of, read_entry, conversation, first, last, head);
}

result<std::optional<entry>> find_by_client(database& in, const conversation_id& conversation, const user_id& author,
                                            const client_id& client) {
  return in.first(by_client, read_entry, conversation, author, client);
}

result<std::optional<access>> find_access(database& in, const conversation_id& conversation, const user_id& user) {
  return in.first(access_of, read_access, user, conversation);
}

result<std::vector<member>> find_members(database& in, const conversation_id& conversation,
                                         const std::optional<user_id>& after, std::size_t limit) {
  // No user id is empty, so nothing stands before the empty text.
  return in.rows(active_members_of, read_member, conversation, after.value_or(user_id{}), limit);
}

} // namespace parley::persistence::sqlite
