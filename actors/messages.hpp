/// Every message between actors: the table of contents of the runtime.
///
/// Requests are imperatives, answers and events past participles. All of them stay on the node; between nodes travel
/// envelopes made from them.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>

#include <parley/append_decision.hpp>
#include <parley/live_entry.hpp>
#include <parley/stores.hpp>

namespace parley::actors {

class client_link;
using client_link_ptr = std::shared_ptr<client_link>;

/// The answer to a request that has nothing else to say.
struct completed {};

// To a conversation. ------------------------------------------------------------------------------------------------

/// Write one entry; answered with `entry_appended` after the commit.
struct append_entry {
  append_request request;
  /// The other user, when the conversation is addressed by its two users and may not exist yet.
  std::optional<user_id> direct_peer;
  /// Who is sent an `ack`; its place and time are the conversation's to fill in. Absent: the request has another
  /// answer.
  std::optional<entry_origin> origin;
};

struct entry_appended {
  seq_no seq = 0;
  timestamp at{};
  bool duplicate = false;
};

/// `device` has everything up to `seq`, and its user has read it if `read`; answered with `completed`.
struct move_position {
  user_id user;
  device_id device;
  session_id session;
  seq_no seq = 0;
  bool read = false;
  bool is_private = false;
  /// Only say whether it would be allowed.
  bool check_only = false;
};

/// The member wants no notifications until then; answered with `completed` when it is stored.
struct mute_conversation {
  user_id user;
  timestamp until{};
};

/// In their direct conversation `user` has blocked `other`, or does so no longer; stored already. Answered with
/// `completed`.
struct change_block {
  user_id user;
  user_id other;
  bool on = true;
};

/// Tell the other members that `user` is typing; answered with `completed`.
struct tell_typing {
  user_id user;
  bool on = true;
};

/// The session looks at the conversation: in pull mode it is pushed entries from now on. Answered with `completed`,
/// behind `client_link::focus`.
struct begin_focus {
  user_id user;
  session_id session;
  client_link_ptr link;
  /// Only say whether it would be allowed.
  bool check_only = false;
};

struct end_focus {
  session_id session;
};

/// Store the positions that moved; answered with `completed` when they are durable.
struct settle_positions {};

// To a session. -----------------------------------------------------------------------------------------------------

/// The client sent a frame. Exactly one answer goes to its link.
struct client_asked {
  std::string ref;
  client_request request;
};

/// The transport is gone and may come back.
struct link_detached {};

/// There is a transport again.
struct link_attached {};

/// The session is over.
struct link_closed {};

/// The session's window has a hole behind `after`.
struct entries_needed {
  conversation_id conversation;
  seq_no after = 0;
};

/// To itself: look at the hole again.
struct hole_due {
  entries_needed hole;
};

// To a user. --------------------------------------------------------------------------------------------------------

/// A session begins; `too_many` if the user has as many as it may. Answered with `completed`.
struct attach_session {
  session_id session;
};

struct detach_session {
  session_id session;
};

// To a presence. ----------------------------------------------------------------------------------------------------

/// A session of the user has a transport and shows this of it, or has none any more.
struct show_presence {
  session_id session;
  /// Absent: no transport.
  std::optional<presence_choice> choice;
};

/// `watcher` is sent the state now and whenever it changes; a repetition sends it again.
struct watch_presence {
  user_id watcher;
  session_id session;
  client_link_ptr link;
};

struct unwatch_presence {
  session_id session;
};

/// The user hides from `other`, or does so no longer; stored already.
struct hide_presence {
  user_id other;
  bool on = true;
};

// To storage. -------------------------------------------------------------------------------------------------------

/// Answered with a `write_outcome` after the commit.
struct write_log {
  conversation_write what;
};

/// Something that blocks; runs on the thread of a reader and leaves its result where the sender finds it.
struct run_blocking {
  std::function<void(const stores&)> job;
};

// To any actor that ends when idle. ---------------------------------------------------------------------------------

/// Something was put off until now; `due` tells this reminder from others.
struct look_around {
  instant due{};
};

/// End if nothing happened for long.
struct rest_check {};

/// To itself: some request may have waited for its answer for too long.
struct look_at_deadlines {};

/// Store what is only in memory and end; nothing comes after it.
struct wind_up {};

} // namespace parley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::completed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::append_entry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::entry_appended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::move_position)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::mute_conversation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::change_block)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::tell_typing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::begin_focus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::end_focus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::settle_positions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::client_asked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::link_detached)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::link_attached)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::link_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::entries_needed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::hole_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::attach_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::detach_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::show_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::watch_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::unwatch_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::hide_presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::write_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::write_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::run_blocking)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::look_around)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::rest_check)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::look_at_deadlines)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::wind_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::error)
