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
  std::size_t attachments = 10;
  std::size_t members = 100'000;
  std::size_t positions = 1'000;
  std::size_t reaction_key_bytes = 64;
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

/// What a message carries, ready to be stored.
struct message_content {
  /// Body of the entry: text, data, replyTo, mentions, attachments, silent; as JSON.
  std::string body;
  fingerprint print{};
  std::vector<user_id> mentions;
  std::vector<file_id> files;
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

/// What a message shall say from now on.
struct edit_content {
  seq_no target = 0;
  /// Body of the entry: text, data; as JSON.
  std::string body;
};

struct delete_content {
  seq_no target = 0;
};

struct react_content {
  seq_no target = 0;
  std::string key;
  bool on = true;
};

/// `add`, `remove`, `leave` or `role`.
struct membership_content {
  member_change::action_kind action = member_change::action_kind::add;
  /// Empty for `leave`.
  std::vector<user_id> users;
  role new_role = role::member;
};

/// New properties of a group; absent ones stay.
struct update_content {
  std::optional<std::string> title;
  /// JSON object.
  std::optional<std::string> data;
  std::optional<delivery_mode> mode;
  /// The mode follows from the size of the group; nobody chose it.
  bool automatic = false;
};

/// Any writing request about a conversation that exists.
struct change_request {
  conversation_id conversation;
  std::optional<client_ref> client;
  fingerprint print{};
  std::variant<edit_content, delete_content, react_content, membership_content, update_content> content;
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

struct mute_request {
  conversation_id conversation;
  /// Zero: not muted any more.
  timestamp until{};
};

/// `block` or `unblock`.
struct block_request {
  user_id user;
  bool on = true;
};

struct search_request {
  search_query query;
};

struct focus_request {
  /// At most 8, without repetitions.
  std::vector<conversation_id> conversations;
};

/// What a user shows of itself on one device.
enum class presence_choice : std::uint8_t { online, away, invisible };

struct presence_request {
  std::vector<user_id> subscribe;
  std::vector<user_id> unsubscribe;
  std::optional<presence_choice> status;
};

struct typing_request {
  conversation_id conversation;
  bool on = true;
};

using client_request =
    std::variant<auth_request, ping_request, send_request, change_request, positions_request, create_request,
                 conversations_request, conversation_request, members_request, history_request, search_request,
                 mute_request, block_request, focus_request, presence_request, typing_request>;

/// A frame as read: the reply carries `ref` even when the request is an error.
struct client_frame {
  std::string ref;
  result<client_request> request;
};

[[nodiscard]] std::string_view to_string(member_change::action_kind action);

} // namespace parley
