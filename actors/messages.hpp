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

/// Store the positions that moved; answered with `completed` when they are durable.
struct settle_positions {};

// To a session. -----------------------------------------------------------------------------------------------------

/// The client sent a frame. Exactly one answer goes to its link.
struct client_asked {
  std::string ref;
  client_request request;
};

/// The transport is gone.
struct link_closed {};

/// The session's window has a hole behind `after`.
struct entries_needed {
  conversation_id conversation;
  seq_no after = 0;
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

/// The user has sessions with a transport, or no longer.
struct transports_counted {
  std::size_t attached = 0;
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

/// Store what is only in memory and end; nothing comes after it.
struct wind_up {};

} // namespace parley::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::completed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::append_entry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::entry_appended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::move_position)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::settle_positions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::client_asked)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::link_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::entries_needed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::attach_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::detach_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::transports_counted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::write_log)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::write_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::run_blocking)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::look_around)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::rest_check)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::actors::wind_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::error)
