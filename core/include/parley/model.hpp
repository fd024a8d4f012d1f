/// What the log holds and what is derived from it.
///
/// A conversation is a log; every change of it is one `entry` at (`conversation`, `seq`). `conversation_record` and
/// `member` are a projection of that log, written in the same transaction as the entries they come from.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley {

/// The numbers are stored; they never change their meaning.
enum class entry_kind : std::uint8_t { message = 1, edited = 2, deleted = 3, reaction = 4, member = 5, updated = 6 };
enum class conversation_kind : std::uint8_t { direct = 1, group = 2 };
/// Ordered by rights: who has a greater role may do more.
enum class role : std::uint8_t { reader = 1, member = 2, admin = 3, owner = 4 };
/// What an added member may read of the time before it came.
enum class history_policy : std::uint8_t { all = 1, joined = 2 };
/// Whether entries are pushed to every session or hinted.
enum class delivery_mode : std::uint8_t { push = 1, pull = 2 };

/// A digest of a request's content, by which a repeated client id is told from a reused one. It outlives the content.
using fingerprint = std::array<std::uint8_t, 16>;

struct entry {
  conversation_id conversation;
  seq_no seq = 0;
  entry_kind kind = entry_kind::message;
  user_id author;
  std::optional<client_id> client;
  /// The entry that this one is about (`edited`, `deleted`, `reaction`), else 0.
  seq_no target = 0;
  /// A JSON object with the fields of its kind: `{"text":"hi"}`. Written by the codec, spliced into frames as it is.
  std::string body;
  timestamp at{};
  /// Counts as unread for everybody but its author.
  bool countable = false;
  fingerprint print{};

  friend bool operator==(const entry&, const entry&) = default;
};

/// A time of membership that is over.
struct membership_span {
  seq_no joined = 0;
  seq_no left = 0;

  friend bool operator==(const membership_span&, const membership_span&) = default;
};

struct member {
  user_id user;
  parley::role role = parley::role::member;
  /// Seq of the entry that made the user a member; entries from there on are pushed to it.
  seq_no joined = 0;
  /// Seq of the entry that ended the membership, or 0 while it lasts.
  seq_no left = 0;
  /// Watermarks: highest entry on any device, highest read, highest read that others may see. delivered ≥ read ≥ shown.
  seq_no delivered = 0;
  seq_no read = 0;
  seq_no shown = 0;
  /// No notifications until then; zero: not muted.
  timestamp muted_until{};
  /// Seq of the entry that gave the role.
  seq_no role_since = 0;
  /// Memberships before this one, oldest first; only the latest are kept.
  std::vector<membership_span> earlier;

  [[nodiscard]] bool active() const { return left == 0; }
  friend bool operator==(const member&, const member&) = default;
};

struct conversation_record {
  conversation_id id;
  conversation_kind kind = conversation_kind::group;
  std::string title;
  history_policy history = history_policy::all;
  delivery_mode mode = delivery_mode::push;
  /// The application's own JSON object, or empty.
  std::string data;
  timestamp created_at{};
  /// An owner chose `pull`: a shrinking group does not go back to `push` by itself.
  bool mode_chosen = false;
  /// Seq of the entry that last changed title, data or mode; 0: none since the first.
  seq_no updated = 0;

  friend bool operator==(const conversation_record&, const conversation_record&) = default;
};

/// A conversation as it stood after its entry `head`: what folding entries 1..head gives.
struct conversation_snapshot {
  conversation_record record;
  /// Also those that have left.
  std::vector<member> members;
  seq_no head = 0;
  /// Time of the entry at `head`.
  timestamp newest_at{};
};

[[nodiscard]] std::string_view to_string(entry_kind kind);
[[nodiscard]] std::string_view to_string(conversation_kind kind);
[[nodiscard]] std::string_view to_string(role value);
[[nodiscard]] std::string_view to_string(history_policy policy);
[[nodiscard]] std::string_view to_string(delivery_mode mode);
[[nodiscard]] std::optional<role> parse_role(std::string_view text);

} // namespace parley
