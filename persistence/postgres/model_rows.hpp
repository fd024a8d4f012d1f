/// How the rows of the tables become the values of core's model.
///
/// A query names its tables e (log), m (members) and c (conversations), lists the columns of a value by these constants
/// and reads them in the same order.

#pragma once

#include <string_view>

#include <parley/model.hpp>

#include "persistence/postgres/row.hpp"

namespace parley::persistence::postgres {

inline constexpr std::string_view entry_columns =
    "e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, e.countable, e.print, e.body";
inline constexpr std::string_view member_columns = "m.\"user\", m.role, m.joined_seq, m.left_seq, m.delivered, m.read, "
                                                   "m.shown, m.muted_until, m.role_since, m.earlier";
inline constexpr std::string_view record_columns =
    "c.id, c.kind, c.title, c.history, c.mode, c.data, c.created_at, c.mode_chosen, c.updated";

// Of the member m. The log ends at its greatest seq, which the primary key finds in one step.
inline constexpr std::string_view newest_for_member =
    "LATERAL (SELECT h.* FROM log h WHERE h.conversation = m.conversation ORDER BY h.seq DESC LIMIT 1) e";
inline constexpr std::string_view unread_of_member =
    "(SELECT count(*) FROM log u WHERE u.conversation = m.conversation AND u.seq > greatest(m.read, m.joined_seq - 1)"
    " AND u.countable AND u.author <> m.\"user\")";

[[nodiscard]] entry read_entry(row& from);
[[nodiscard]] member read_member(row& from);
[[nodiscard]] conversation_record read_record(row& from);

} // namespace parley::persistence::postgres
