/// What a conversation reads before it can decide on anything. Runs on a reader's thread.

#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include <parley/conversation_state.hpp>
#include <parley/stores.hpp>

namespace parley::actors {

/// What the log has, and what of it was not fanned out yet.
struct loaded_log {
  /// Absent: the conversation has no entry.
  std::optional<conversation_snapshot> snapshot;
  std::vector<entry> missed;
  /// Of a direct conversation: who has blocked the other.
  std::set<user_id> blockers;
};

/// `fanned_out` is the last entry that everybody has been told of; absent: nobody waits for any. Of what came behind it
/// at most the newest `missed_max` entries are read.
[[nodiscard]] result<loaded_log> load_conversation(const stores& from, const conversation_id& id,
                                                   std::optional<seq_no> fanned_out, std::size_t missed_max);

/// Who was a member at `seq`.
[[nodiscard]] std::vector<user_id> members_at(const conversation_state& state, seq_no seq);
/// The other user, if the conversation is direct.
[[nodiscard]] std::optional<user_id> peer_of(const conversation_state& state, const user_id& user);

} // namespace parley::actors
