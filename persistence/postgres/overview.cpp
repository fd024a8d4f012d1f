#include "persistence/postgres/overview.hpp"

#include <fmt/format.h>

#include "persistence/postgres/model_rows.hpp"

namespace parley::persistence::postgres {

namespace {

// Of the member m, the conversation c and its newest entry e.
const std::string item_columns = fmt::format(
    "{}, {},"
    " (SELECT count(*) FROM members o WHERE o.conversation = m.conversation AND o.left_seq = 0),"
    " CASE WHEN c.kind = {} THEN"
    "  (SELECT o.\"user\" FROM members o WHERE o.conversation = m.conversation AND o.\"user\" <> m.\"user\" LIMIT 1) "
    "END,"
    " {}, {}",
    record_columns, member_columns, static_cast<int>(conversation_kind::direct), unread_of_member, entry_columns);

const std::string one_item = fmt::format("SELECT {} FROM members m JOIN conversations c ON c.id = m.conversation"
                                         " CROSS JOIN {}"
                                         " WHERE m.\"user\" = $1 AND m.conversation = $2 AND m.left_seq = 0",
                                         item_columns, newest_for_member);

// The page is chosen by the newest entries alone; what is dear is computed for its lines only.
const std::string page_of_items =
    fmt::format("WITH page AS MATERIALIZED ("
                " SELECT m.conversation, e.seq, e.at FROM members m CROSS JOIN LATERAL"
                "  (SELECT h.seq, h.at FROM log h WHERE h.conversation = m.conversation ORDER BY h.seq DESC LIMIT 1) e"
                " WHERE m.\"user\" = $1 AND m.left_seq = 0 AND (e.at, m.conversation) < ($2, $3::uuid)"
                "  AND EXISTS (SELECT 1 FROM conversations k WHERE k.id = m.conversation)"
                " ORDER BY e.at DESC, m.conversation DESC LIMIT $4) "
                "SELECT {} FROM page p JOIN members m ON m.\"user\" = $1 AND m.conversation = p.conversation"
                " JOIN conversations c ON c.id = p.conversation"
                " CROSS JOIN LATERAL (SELECT h.* FROM log h WHERE h.conversation = p.conversation AND h.seq = p.seq) e"
                " ORDER BY p.at DESC, p.conversation DESC",
                item_columns);

constexpr auto acquaintances_of = "SELECT w.number - 1 FROM unnest($2::text[]) WITH ORDINALITY AS w (\"user\", number)"
                                  " WHERE EXISTS (SELECT 1 FROM members o JOIN members m"
                                  "  ON m.\"user\" = $1 AND m.conversation = o.conversation AND m.left_seq = 0"
                                  "  WHERE o.\"user\" = w.\"user\" AND o.left_seq = 0) ORDER BY w.number";

constexpr list_position before_all{.at = timestamp::max(), .conversation = {}};

} // namespace

result<std::optional<conversation_item>> find_item(connection& in, const user_id& user,
                                                   const conversation_id& conversation) {
  return in.first(one_item, read_item, user, conversation);
}

result<std::vector<conversation_item>> list_items(connection& in, const user_id& user,
                                                  const std::optional<list_position>& after, std::size_t limit) {
  const auto start = after.value_or(before_all);
  return in.rows(page_of_items, read_item, user, start.at, start.conversation, limit);
}

result<std::vector<user_id>> find_acquaintances(connection& in, const user_id& user,
                                                const std::vector<user_id>& others) {
  return in.rows(
      acquaintances_of, [&](row& row) { return others[row.take<std::size_t>()]; }, user, array_of(others));
}

} // namespace parley::persistence::postgres
