/// Whether a request may become the next entry of a conversation: de-duplication, membership, role, references.
///
/// Pure: no store, no clock, no actor. Where the answer depends on something that only the log knows, the decision says
/// what to look up, and is asked again with the answer.

#pragma once

#include <optional>
#include <variant>

#include <parley/conversation_state.hpp>
#include <parley/frames.hpp>
#include <parley/recent_clients.hpp>

namespace parley {

/// Somebody's wish to write one entry.
struct append_request {
  user_id author;
  std::optional<client_id> client;
  /// Set when the author is over its rate: then only a repetition is answered.
  std::optional<error> over_rate;
  /// Users that must exist for the first entry: the peer of a direct conversation, the members of a new group.
  std::vector<user_id> must_exist;
  /// A message, or the founding of a group.
  std::variant<message_content, create_request> content;

  [[nodiscard]] const fingerprint& print() const {
    return std::visit([](const auto& c) -> const fingerprint& { return c.print; }, content);
  }
};

/// What was looked up in the log for one request. Unset: not asked yet.
struct looked_up {
  /// Where the client id was written, if it was.
  std::optional<std::optional<written>> client;
  /// The entry that `replyTo` names is a message.
  std::optional<bool> reply_to_message;
  /// Those of `must_exist` that do not.
  std::optional<std::vector<user_id>> missing_users;
};

/// The request was written before.
struct already_written {
  written first;
};

/// The log has to be asked.
struct needs_lookup {
  bool client = false;
  bool reply_to = false;
  bool users = false;
};

/// An entry to append, the place of an earlier one, a question, or a refusal.
using append_decision = std::variant<entry, already_written, needs_lookup, error>;

/// Decides on `request` as the next entry behind `state`. `members_max` bounds the size of a group.
[[nodiscard]] append_decision decide(const conversation_state& state, const recent_clients& recent,
                                     const append_request& request, const looked_up& facts, timestamp now,
                                     std::size_t members_max);

} // namespace parley
