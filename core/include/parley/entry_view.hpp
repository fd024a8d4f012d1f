/// A message as it reads now: what later entries of its log made of it. Pure.

#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <parley/model.hpp>

namespace parley {

/// `items` as `history` shows them: each message with its latest text and data, `editedAt`, `reactions`, or only
/// `deleted`. `changes` are the entries that edit, delete or react to them, ascending; those of others are ignored.
[[nodiscard]] std::vector<entry> with_changes(std::vector<entry> items, std::span<const entry> changes);

/// What a request about an entry has to know of it.
struct target_facts {
  entry_kind kind = entry_kind::message;
  user_id author;
  timestamp at{};
  /// Seq of its deletion, or 0.
  seq_no deleted_by = 0;
  /// Whether the reader reacts with the key now, and the entry that made it so (0: it never did).
  bool reacts = false;
  seq_no reacted_by = 0;
};

[[nodiscard]] target_facts facts_of(const entry& target, std::span<const entry> changes, const user_id& reader,
                                    std::string_view reaction_key);

} // namespace parley
