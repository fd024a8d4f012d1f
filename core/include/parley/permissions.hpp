/// Who may do what, by role. Pure.

#pragma once

#include <parley/model.hpp>

namespace parley {

/// May write entries of its own.
[[nodiscard]] constexpr bool may_post(role who) { return who >= role::member; }
/// May add and remove members and change the conversation.
[[nodiscard]] constexpr bool may_manage(role who) { return who >= role::admin; }
/// Nobody acts on a role at or above the own.
[[nodiscard]] constexpr bool may_act_on(role who, role whom) { return may_manage(who) && whom < who; }

} // namespace parley
