/// What is read of one conversation in memory. The caller holds the mutex.

#pragma once

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

[[nodiscard]] std::vector<entry> entries_of(const conversation& there, const log_range& range);
[[nodiscard]] std::vector<entry> changes_of(const conversation& there, seq_no first, seq_no last, seq_no head);

/// The conversation as the member `self` sees it in its list.
[[nodiscard]] conversation_item item_of(const conversation& there, const member& self);

/// What a device with this cursor lacks.
[[nodiscard]] result<backlog> backlog_in(const conversation& there, const member& self, seq_no cursor,
                                         std::size_t limit);

/// The messages in which all of `terms` occur and that `self` may read.
[[nodiscard]] std::vector<entry> messages_with(const std::vector<std::string>& terms, const conversation& there,
                                               const member& self);

} // namespace parley::persistence::memory
