/// What clients ask for, as the codec hands it on: every field checked for its type, form and size.
///
/// Whether the request is allowed (membership, role, existence) is decided by the actors.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <parley/log_store.hpp>
#include <parley/model.hpp>

namespace parley {

/// Bounds on what a frame may contain.
struct content_limits {
  std::size_t text_bytes = 16'384;
  std::size_t data_bytes = 32'768;
  std::size_t title_bytes = 512;
  std::size_t mentions = 50;
  std::size_t members = 100'000;
  std::size_t positions = 1'000;
};

/// The id a client gave its request, also as it wrote it (in capitals, say), for the acknowledgement.
struct client_ref {
  client_id id;
  std::string text;
};

/// Renews the token, or is the first frame of a connection without one.
struct auth_request {
  std::string token;
};

struct ping_request {};

/// What a message carries, ready to be stored.
struct message_content {
  /// Body of the entry: text, data, replyTo, mentions, silent; as JSON.
  std::string body;
  fingerprint print{};
  std::vector<user_id> mentions;
  /// 0: not a reply.
  seq_no reply_to = 0;
  bool silent = false;
};

struct send_request {
  /// Exactly one of `to` and `conversation` is set.
  std::optional<user_id> to;
  std::optional<conversation_id> conversation;
  std::optional<client_ref> client;
  message_content content;
  /// The sending session wants the push beside the acknowledgement.
  bool echo = true;
};

struct position {
  conversation_id conversation;
  seq_no seq = 0;
};

/// `received` or `read`.
struct positions_request {
  bool read = false;
  /// Moves only the own badge.
  bool is_private = false;
  std::vector<position> positions;
};

struct create_request {
  std::optional<client_ref> client;
  std::string title;
  std::vector<user_id> members;
  history_policy history = history_policy::all;
  delivery_mode mode = delivery_mode::push;
  /// JSON object, or empty.
  std::string data;
  fingerprint print{};
};

struct conversations_request {
  std::optional<list_position> after;
  std::size_t limit = 50;
};

struct conversation_request {
  conversation_id conversation;
};

struct members_request {
  conversation_id conversation;
  std::optional<user_id> after;
  std::size_t limit = 100;
};

struct history_request {
  conversation_id conversation;
  /// At most one is set; none: the newest.
  std::optional<seq_no> before;
  std::optional<seq_no> after;
  std::optional<seq_no> around;
  std::size_t limit = 50;
};

using client_request = std::variant<auth_request, ping_request, send_request, positions_request, create_request,
                                    conversations_request, conversation_request, members_request, history_request>;

/// A frame as read: the reply carries `ref` even when the request is an error.
struct client_frame {
  std::string ref;
  result<client_request> request;
};

/// What an entry of kind `member` says.
struct member_change {
  enum class action_kind { create, add, remove, leave, role };

  action_kind action = action_kind::create;
  std::vector<user_id> users;
  std::optional<role> new_role;
  /// Of `create`: the conversation it makes.
  std::string title;
  history_policy history = history_policy::all;
  delivery_mode mode = delivery_mode::push;
  std::string data;
};

[[nodiscard]] std::string_view to_string(member_change::action_kind action);

} // namespace parley
