/// The columns of members, in this dialect; see `persistence/model_rows.hpp`.

#pragma once

#include <string_view>

#include "persistence/model_rows.hpp"

namespace parley::persistence::postgres {

inline constexpr std::string_view member_columns = "m.\"user\", m.role, m.joined_seq, m.left_seq, m.delivered, m.read, "
                                                   "m.shown, m.muted_until, m.role_since, m.earlier";
// Of the member m. The log ends at its greatest seq, which the primary key finds in one step.
inline constexpr std::string_view newest_for_member =
    "LATERAL (SELECT h.* FROM log h WHERE h.conversation = m.conversation ORDER BY h.seq DESC LIMIT 1) e";
inline constexpr std::string_view unread_of_member =
    "(SELECT count(*) FROM log u WHERE u.conversation = m.conversation AND u.seq > greatest(m.read, m.joined_seq - 1)"
    " AND u.countable AND u.author <> m.\"user\")";

} // namespace parley::persistence::postgres
