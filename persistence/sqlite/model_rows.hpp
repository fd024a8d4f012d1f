/// How the rows of the tables become the values of core's model.
///
/// A query names its tables e (log), m (members) and c (conversations), lists the columns of a value by these constants
/// and reads them in the same order.

#pragma once

#include <string_view>

#include <parley/model.hpp>

#include "persistence/sqlite/statement.hpp"

namespace parley::persistence::sqlite {

inline constexpr std::string_view entry_columns =
    "e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, e.countable, e.print, e.body";
inline constexpr std::string_view member_columns =
    "m.user, m.role, m.joined_seq, m.left_seq, m.delivered, m.read, m.shown, m.muted_until";
inline constexpr std::string_view record_columns = "c.id, c.kind, c.title, c.history, c.mode, c.data, c.created_at";

[[nodiscard]] entry read_entry(row& from);
[[nodiscard]] member read_member(row& from);
[[nodiscard]] conversation_record read_record(row& from);

} // namespace parley::persistence::sqlite
