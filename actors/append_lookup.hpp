/// What a conversation has to ask the stores before it can decide on a request. Runs on a reader's thread.

#pragma once

#include <optional>

#include <parley/append_decision.hpp>
#include <parley/stores.hpp>

namespace parley::actors {

/// Answers `question` about `request`; what was not asked stays unset. `peer` is the other user of a direct
/// conversation.
[[nodiscard]] result<looked_up> look_up(const stores& from, const conversation_id& conversation,
                                        const needs_lookup& question, const append_request& request,
                                        const std::optional<user_id>& peer);

} // namespace parley::actors
