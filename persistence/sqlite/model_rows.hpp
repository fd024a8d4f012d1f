/// The columns of members, in this dialect; see `persistence/model_rows.hpp`.

#pragma once

#include <string_view>

#include "persistence/model_rows.hpp"

namespace parley::persistence::sqlite {

inline constexpr std::string_view member_columns =
    "m.user, m.role, m.joined_seq, m.left_seq, m.delivered, m.read, m.shown, m.muted_until, m.role_since, m.earlier";
// Of the member m. The log ends at its greatest seq, which the primary key finds in one step.
inline constexpr std::string_view head_for_member =
    "(SELECT max(h.seq) FROM log h WHERE h.conversation = m.conversation)";
inline constexpr std::string_view unread_of_member =
    "(SELECT count(*) FROM log u WHERE u.conversation = m.conversation AND u.seq > max(m.read, m.joined_seq - 1)"
    " AND u.countable AND u.author <> m.user)";

} // namespace parley::persistence::sqlite
