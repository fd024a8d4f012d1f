/// The part of the append decision that is about groups: who may change members and properties, and what of a request
/// is new. Pure.

#pragma once

#include <parley/append_decision.hpp>

namespace parley {

/// Why `author`, a member, may not do this; nothing: it may.
[[nodiscard]] std::optional<error> refuse_membership(const conversation_state& state, const member& author,
                                                     const membership_content& wish, const append_limits& limits);
[[nodiscard]] std::optional<error> refuse_update(const conversation_state& state, const member& author,
                                                 const update_content& wish, const append_limits& limits);

/// Writes what changes into `fresh`, or says which entry made the present state.
[[nodiscard]] std::optional<unchanged> write_membership(entry& fresh, const conversation_state& state,
                                                        const membership_content& wish);
[[nodiscard]] std::optional<unchanged> write_update(entry& fresh, const conversation_state& state,
                                                    const update_content& wish);

} // namespace parley
