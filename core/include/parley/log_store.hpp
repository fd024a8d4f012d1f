/// Where conversations are kept. Three implementations promise the same (`tests/contract` holds them to it):
/// memory, sqlite, postgres.
///
/// Order is a primary key: an entry is written at (`conversation`, `seq`) or not at all. Whoever writes has folded
/// every entry below; if somebody else was faster the write collides, and the writer reads what it missed.
///
/// Threads: every function may be called from any thread and may block. What is written steadily goes through lanes
/// (`log_lane.hpp`); `write` is for a batch now and then.
/// Errors: `unavailable` when the database cannot do it now; nothing throws.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <parley/error.hpp>
#include <parley/model.hpp>

namespace parley {

/// Raises the watermarks of a member; a smaller value changes nothing.
struct position_update {
  user_id user;
  seq_no delivered = 0;
  seq_no read = 0;
  seq_no shown = 0;
};

/// Raises what one device has acknowledged; a smaller value changes nothing, nor does a device that the user does not
/// have (it was removed while it is still connected).
struct cursor_update {
  user_id user;
  device_id device;
  seq_no seq = 0;
};

/// Everything that one conversation wants written, all or nothing. Who writes what no writer without a defect would
/// (seqs that are not consecutive, one client id twice) is answered `internal`.
struct conversation_write {
  conversation_id conversation;
  /// Consecutive seqs from head + 1 on. May be empty when only positions move.
  std::vector<entry> entries;
  /// Messages whose content goes for good: their bodies and those of their edits become `{}` (prints and client ids
  /// stay), they count as unread no longer and are found by no search. May name one of `entries`.
  std::vector<seq_no> erased;
  /// Attachments of `entries`: the conversation's members may read them from now on.
  std::vector<file_id> files;
  /// The projection after the last of `entries`: set when it changed.
  std::optional<conversation_record> record;
  /// Members to insert or replace (role, joined, left, muted_until; watermarks only rise).
  std::vector<member> members;
  std::vector<position_update> positions;
  std::vector<cursor_update> cursors;
};

/// Written and durable.
struct committed {};
/// The first seq is not head + 1: somebody else wrote there, or there would be a hole. Nothing of this conversation was
/// written. Looked at before repetitions.
struct collision {};
/// (`conversation`, author, client id) is in the log already, as `first`. Nothing of this conversation was written.
struct repeated {
  /// Index in `conversation_write::entries`.
  std::size_t index = 0;
  /// Where it stands already; its body may be gone.
  entry first;
};

using write_outcome = std::variant<committed, collision, repeated>;

/// A part of a log, both ends excluded.
struct log_range {
  seq_no after = 0;
  seq_no before = std::numeric_limits<seq_no>::max();
  std::size_t limit = 50;
  /// Take the newest `limit` entries of the range instead of the oldest. The answer is in ascending order either way.
  bool newest = false;
};

/// A line of a user's list of conversations.
struct conversation_item {
  conversation_record record;
  /// The user's own membership.
  member self;
  /// Members that have not left.
  std::size_t members = 0;
  /// The other user of a direct conversation.
  std::optional<user_id> peer;
  seq_no head = 0;
  /// Countable entries above the read position that are not the user's own.
  std::uint64_t unread = 0;
  /// The newest entry; absent only if the log is empty.
  std::optional<entry> last;
};

/// A membership and what it gives access to.
struct access {
  member self;
  history_policy history = history_policy::all;
  conversation_kind kind = conversation_kind::group;
  seq_no head = 0;
};

/// A search for `text` in the latest text of messages, without regard to case.
struct search_query {
  std::string text;
  /// Absent: everywhere.
  std::optional<conversation_id> conversation;
  std::size_t limit = 50;
};

/// A place in a list of conversations, which is ordered by (time, id) of the newest entry, newest first.
struct list_position {
  timestamp at{};
  conversation_id conversation;
};

/// What a device has not acknowledged of one conversation.
struct backlog {
  conversation_id conversation;
  /// The last entry that is meant for the user: the newest, or the one that ended the membership.
  seq_no head = 0;
  /// The last entry that the device has, or that is older than what it is shown.
  seq_no cursor = 0;
  delivery_mode mode = delivery_mode::push;
  /// The user has left; such a conversation is listed only if its device lacks entries.
  bool ended = false;
  /// Entries cursor+1..head of the times at which the user was a member, at most `limit` of them, the newest;
  /// ascending. None in pull mode.
  std::vector<entry> entries;
  /// Edits, deletions and reactions that `entries` have had up to `head`; ascending.
  std::vector<entry> changes;
  /// 0 when the membership has ended.
  std::uint64_t unread = 0;
};

class log_lane;

class log_store {
public:
  virtual ~log_store() = default;

  /// How many lanes may write beside each other. Each conversation belongs to one of them, `lane_of`.
  [[nodiscard]] virtual std::size_t lanes() const { return 1; }
  [[nodiscard]] virtual std::size_t lane_of(const conversation_id& /*conversation*/) const { return 0; }
  /// A new writing end of lane `number` (below `lanes()`). The store must outlive it.
  [[nodiscard]] virtual std::unique_ptr<log_lane> open_lane(std::size_t number);

  /// The conversation as the projection has it, or nothing if it has no entry yet.
  [[nodiscard]] virtual result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) = 0;

  /// Writes all of `writes` in one transaction, but for the conversations that collide or repeat. One answer each.
  /// A failure of the whole commit is `unavailable` for every one of them; then it is unknown whether it was written.
  [[nodiscard]] virtual std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) = 0;

  /// Entries of `range` in ascending order.
  [[nodiscard]] virtual result<std::vector<entry>> read(const conversation_id& conversation,
                                                        const log_range& range) = 0;

  /// Entries that edit, delete or react to one of `first`..`last`, those up to seq `head`; ascending.
  [[nodiscard]] virtual result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first,
                                                           seq_no last, seq_no head) = 0;

  /// Messages that `user` may read (as `history` would show them: while a member everything, or what came since the
  /// newest join; of a membership that ended, up to its end), newest first by time, then seq. Words of `text` may stand
  /// anywhere in the message; deleted messages are not found, edited ones by their latest text.
  [[nodiscard]] virtual result<std::vector<entry>> search(const user_id& user, const search_query& what) = 0;

  /// Those of `others` that are a member somewhere together with `user` now, in their order.
  [[nodiscard]] virtual result<std::vector<user_id>> acquaintances(const user_id& user,
                                                                   const std::vector<user_id>& others) = 0;

  /// The entry that `author` wrote under `client`, if any.
  [[nodiscard]] virtual result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                                          const client_id& client) = 0;

  /// What `user` has to do with the conversation, also if it has left; nothing: it never was a member.
  [[nodiscard]] virtual result<std::optional<access>> find_access(const conversation_id& conversation,
                                                                  const user_id& user) = 0;

  /// Members that have not left, ordered by user, behind `after`.
  [[nodiscard]] virtual result<std::vector<member>> members(const conversation_id& conversation,
                                                            const std::optional<user_id>& after, std::size_t limit) = 0;

  /// One conversation as `user` sees it, if it is a member and has not left.
  [[nodiscard]] virtual result<std::optional<conversation_item>> item(const user_id& user,
                                                                      const conversation_id& conversation) = 0;

  /// The conversations of `user`, newest first, behind `after`.
  [[nodiscard]] virtual result<std::vector<conversation_item>>
  list(const user_id& user, std::optional<list_position> after, std::size_t limit) = 0;

  /// What `device` of `user` has not acknowledged: one element for every conversation the user is a member of (with no
  /// entries where it has everything), and for those that it has left without the device knowing. A device seen for the
  /// first time starts at the user's own delivered position; of a conversation that the user joined later it has
  /// nothing until it says so.
  [[nodiscard]] virtual result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device,
                                                                std::size_t limit) = 0;
};

} // namespace parley
