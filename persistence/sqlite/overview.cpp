#include "persistence/sqlite/overview.hpp"

#include <fmt/format.h>

#include "persistence/sqlite/model_rows.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

// Of the member m, the conversation c and its newest entry e.
const std::string item_columns = fmt::format(
    "{}, {},"
    " (SELECT count(*) FROM members o WHERE o.conversation = m.conversation AND o.left_seq = 0),"
    " CASE WHEN c.kind = {} THEN"
    "  (SELECT o.user FROM members o WHERE o.conversation = m.conversation AND o.user <> m.user LIMIT 1) END,"
    " {}, {}",
    record_columns, member_columns, static_cast<int>(conversation_kind::direct), unread_of_member, entry_columns);

const std::string one_item = fmt::format("SELECT {} FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
                                         " CROSS JOIN log e ON e.conversation = m.conversation AND e.seq = {}"
                                         " WHERE m.user = ?1 AND m.conversation = ?2 AND m.left_seq = 0",
                                         item_columns, head_for_member);

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
    head_for_member, item_columns);

constexpr std::string_view common_conversation =
    "SELECT 1 FROM members o CROSS JOIN members m ON m.user = ?1 AND m.conversation = o.conversation AND m.left_seq = 0"
    " WHERE o.user = ?2 AND o.left_seq = 0 LIMIT 1";

constexpr list_position before_all{.at = timestamp::max(), .conversation = {}};

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

result<std::vector<user_id>> find_acquaintances(database& in, const user_id& user, const std::vector<user_id>& others) {
  const auto moment = transaction::begin_read(in);
  if (!moment) return fail(moment.error());
  std::vector<user_id> found;
  for (const auto& other : others) {
    const auto meets = in.first(
        common_conversation, [](row&) { return true; }, user, other);
    if (!meets) return fail(meets.error());
    if (*meets) found.push_back(other);
  }
  return found;
}

} // namespace parley::persistence::sqlite
