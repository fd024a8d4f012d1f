/// Whether a request may become the next entry of a conversation: de-duplication, membership, role, references.
///
/// Pure: no store, no clock, no actor. Where the answer depends on something that only the log knows, the decision says
/// what to look up, and is asked again with the answer.

#pragma once

#include <optional>
#include <variant>

#include <parley/conversation_state.hpp>
#include <parley/entry_view.hpp>
#include <parley/frames.hpp>
#include <parley/recent_clients.hpp>

namespace parley {

/// What somebody wants to write.
using append_content = std::variant<message_content, create_request, edit_content, delete_content, react_content,
                                    membership_content, update_content>;

/// Somebody's wish to write one entry.
struct append_request {
  user_id author;
  std::optional<client_id> client;
  /// Set when the author is over its rate: then only a repetition is answered.
  std::optional<error> over_rate;
  /// Users that must exist: the peer of a direct conversation that begins, the members of a new group, those who are
  /// added.
  std::vector<user_id> must_exist;
  append_content content;
  /// Digest of the content, by which a repetition is known.
  fingerprint print{};
};

/// What was looked up in the log for one request. Unset: not asked yet.
struct looked_up {
  /// Where the client id was written, if it was.
  std::optional<std::optional<written>> client;
  /// The entry that `replyTo` or `target` names.
  std::optional<target_facts> target;
  /// Those of `must_exist` that do not.
  std::optional<std::vector<user_id>> missing_users;
  /// Attachments that the author may not read.
  std::optional<std::vector<file_id>> missing_files;
  /// The other user of a direct conversation wants to hear nothing of the author.
  std::optional<bool> is_blocked;
};

/// The request was written before.
struct already_written {
  written first;
};

/// The request would change nothing: this entry made the present state.
struct unchanged {
  seq_no seq = 1;
};

/// The stores have to be asked.
struct needs_lookup {
  bool client = false;
  /// The entry at this seq; 0: none.
  seq_no target = 0;
  bool users = false;
  bool files = false;
  /// Whether the author is blocked.
  bool block = false;
};

struct append_limits {
  /// Members of a group.
  std::size_t members_max = 100'000;
  /// Above this many the group is in pull mode.
  std::size_t push_max = 1'000;
};

/// An entry to append, the place of an earlier one, nothing to do, a question, or a refusal.
using append_decision = std::variant<entry, already_written, unchanged, needs_lookup, error>;

/// Decides on `request` as the next entry behind `state`.
[[nodiscard]] append_decision decide(const conversation_state& state, const recent_clients& recent,
                                     const append_request& request, const looked_up& facts, timestamp now,
                                     const append_limits& limits);

/// The entry that has to follow because the group has become too large for its mode, or small enough again.
[[nodiscard]] std::optional<entry> mode_change_due(const conversation_state& state, const entry& cause,
                                                   const append_limits& limits);

} // namespace parley
