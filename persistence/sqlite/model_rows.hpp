/// How the rows of the tables become the values of core's model.
///
/// A query names its tables e (log), m (members) and c (conversations), lists the columns of a value by these constants
/// and reads them in the same order.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <parley/model.hpp>

#include "persistence/sqlite/statement.hpp"

namespace parley::persistence::sqlite {

inline constexpr std::string_view entry_columns =
    "e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, e.countable, e.print, e.body";
inline constexpr std::string_view member_columns =
    "m.user, m.role, m.joined_seq, m.left_seq, m.delivered, m.read, m.shown, m.muted_until, m.role_since, m.earlier";
inline constexpr std::string_view record_columns =
    "c.id, c.kind, c.title, c.history, c.mode, c.data, c.created_at, c.mode_chosen, c.updated";

// Of the member m. The log ends at its greatest seq, which the primary key finds in one step.
inline constexpr std::string_view head_for_member =
    "(SELECT max(h.seq) FROM log h WHERE h.conversation = m.conversation)";
inline constexpr std::string_view unread_of_member =
    "(SELECT count(*) FROM log u WHERE u.conversation = m.conversation AND u.seq > max(m.read, m.joined_seq - 1)"
    " AND u.countable AND u.author <> m.user)";

[[nodiscard]] entry read_entry(row& from);
[[nodiscard]] member read_member(row& from);
[[nodiscard]] conversation_record read_record(row& from);

/// `1-8,20-31`, as the column `earlier` has it.
[[nodiscard]] std::string to_text(const std::vector<membership_span>& spans);

} // namespace parley::persistence::sqlite
