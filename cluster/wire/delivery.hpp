/// What one node asks the delivery table of another to hand to connections.
///
/// A conversation sends one `fan_out` to each node that owns some of its readers; that node hands it to the sessions it
/// holds, and sends one `deliver` to each node that holds others. Each carries one call of `client_link`, once for all.

#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>

#include <parley/live_entry.hpp>

namespace parley::cluster::wire {

/// `client_link::push`; `item` is never null.
struct push_call {
  live_entry_ptr item;
};

/// `client_link::event`; the frame is never null.
struct event_call {
  std::shared_ptr<const std::string> open_frame;
};

/// `client_link::ephemeral`; the frame is never null.
struct ephemeral_call {
  std::shared_ptr<const std::string> frame;
};

/// `client_link::hint`
struct hint_call {
  conversation_id conversation;
  seq_no head = 0;
};

/// `client_link::focus`
struct focus_call {
  conversation_id conversation;
  seq_no head = 0;
};

/// `client_link::unfocus`
struct unfocus_call {
  conversation_id conversation;
};

using delivery_call = std::variant<push_call, event_call, ephemeral_call, hint_call, focus_call, unfocus_call>;

/// For the sessions of `users`, wherever they are, but not for `except`.
struct fan_out {
  std::vector<user_id> users;
  std::vector<session_id> except;
  delivery_call call;
};

/// For these sessions, which the receiving node holds.
struct deliver {
  std::vector<session_id> sessions;
  delivery_call call;
};

} // namespace parley::cluster::wire

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::wire::fan_out)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parley::cluster::wire::deliver)
