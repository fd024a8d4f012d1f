#include "persistence/sqlite/overview.hpp"

#include <fmt/format.h>

#include "persistence/sqlite/log_reader.hpp"
#include "persistence/sqlite/model_rows.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

// Both of the member m. The log ends at its greatest seq, which the primary key finds in one step.
constexpr std::string_view head = "(SELECT max(h.seq) FROM log h WHERE h.conversation = m.conversation)";
constexpr std::string_view unread =
    "(SELECT count(*) FROM log u WHERE u.conversation = m.conversation AND u.seq > max(m.read, m.joined_seq - 1)"
    " AND u.countable AND u.author <> m.user)";

// Of the member m, the conversation c and its newest entry e.
const std::string item_columns = fmt::format(
    "{}, {},"
    " (SELECT count(*) FROM members o WHERE o.conversation = m.conversation AND o.left_seq = 0),"
    " CASE WHEN c.kind = {} THEN"
    "  (SELECT o.user FROM members o WHERE o.conversation = m.conversation AND o.user <> m.user LIMIT 1) END,"
    " {}, {}",
    record_columns, member_columns, static_cast<int>(conversation_kind::direct), unread, entry_columns);

const std::string one_item = fmt::format("SELECT {} FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
                                         " CROSS JOIN log e ON e.conversation = m.conversation AND e.seq = {}"
                                         " WHERE m.user = ?1 AND m.conversation = ?2 AND m.left_seq = 0",
                                         item_columns, head);

// The page is chosen by the newest entries alone; what is dear is computed for its lines only.
const std::string page_of_items = fmt::format(
    "WITH page AS MATERIALIZED ("
    " SELECT m.conversation, e.seq AS head, e.at FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
    " CROSS JOIN log e ON e.conversation = m.conversation AND e.seq = {}"
    " WHERE m.user = ?1 AND m.left_seq = 0 AND (e.at, e.conversation) < (?2, ?3)"
    " ORDER BY e.at DESC, e.conversation DESC LIMIT ?4) "
    "SELECT {} FROM page p CROSS JOIN members m ON m.user = ?1 AND m.conversation = p.conversation"
    " CROSS JOIN conversations c ON c.id = p.conversation"
    " CROSS JOIN log e ON e.conversation = p.conversation AND e.seq = p.head"
    " ORDER BY p.at DESC, p.conversation DESC",
    head, item_columns);

// A known device without a cursor was there before the membership, so it has nothing of it.
const std::string standings = fmt::format(
    "SELECT m.conversation, {},"
    " max(m.joined_seq - 1, CASE WHEN d.device IS NULL THEN m.delivered ELSE coalesce(k.seq, 0) END),"
    " {}"
    " FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
    " LEFT JOIN devices d ON d.user = ?1 AND d.device = ?2"
    " LEFT JOIN cursors k ON k.user = ?1 AND k.device = ?2 AND k.conversation = m.conversation"
    " WHERE m.user = ?1 AND m.left_seq = 0 AND EXISTS (SELECT 1 FROM log l WHERE l.conversation = m.conversation)"
    " ORDER BY m.conversation",
    head, unread);

constexpr list_position before_all{.at = timestamp::max(), .conversation = {}};

conversation_item read_item(row& from) {
  conversation_item item;
  item.record = read_record(from);
  item.self = read_member(from);
  item.members = from.take<std::size_t>();
  item.peer = from.take<std::optional<user_id>>();
  item.unread = from.take<std::uint64_t>();
  item.last = read_entry(from);
  item.head = item.last->seq;
  return item;
}

backlog read_standing(row& from) {
  return {.conversation = from.take<conversation_id>(),
          .head = from.take<seq_no>(),
          .cursor = from.take<seq_no>(),
          .entries = {},
          .unread = from.take<std::uint64_t>()};
}

} // namespace

result<std::optional<conversation_item>> find_item(database& in, const user_id& user,
                                                   const conversation_id& conversation) {
  return in.first(one_item, read_item, user, conversation);
}

result<std::vector<conversation_item>> list_items(database& in, const user_id& user,
                                                  const std::optional<list_position>& after, std::size_t limit) {
  const auto start = after.value_or(before_all);
  return in.rows(page_of_items, read_item, user, start.at, start.conversation, limit);
}

result<std::vector<backlog>> find_backlog(database& in, const user_id& user, const device_id& device,
                                          std::size_t limit) {
  const auto moment = transaction::begin_read(in);
  if (!moment) return fail(moment.error());
  auto backlogs = in.rows(standings, read_standing, user, device);
  if (!backlogs) return backlogs;
  for (auto& owed : *backlogs) {
    if (owed.cursor >= owed.head) continue;
    auto entries = read_range(in, owed.conversation, {.after = owed.cursor, .limit = limit, .newest = true});
    if (!entries) return fail(entries.error());
    owed.entries = *std::move(entries);
  }
  return backlogs;
}

} // namespace parley::persistence::sqlite
