/// How the rows of a database become the values of core's model; the same for every SQL store.
///
/// A query names its tables e (log), m (members) and c (conversations), lists the columns of a value by these constants
/// (those of members are the store's own: `user` is a keyword in some) and reads them in the same order. `from` is a
/// row whose columns are taken from left to right.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <parley/account_store.hpp>
#include <parley/log_store.hpp>

#include "persistence/spans.hpp"

namespace parley::persistence {

inline constexpr std::string_view entry_columns =
    "e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, e.countable, e.print, e.body";
inline constexpr std::string_view record_columns =
    "c.id, c.kind, c.title, c.history, c.mode, c.data, c.created_at, c.mode_chosen, c.updated";

inline constexpr auto read_entry = [](auto& from) {
  entry read;
  read.conversation = from.template take<conversation_id>();
  read.seq = from.template take<seq_no>();
  read.kind = from.template take<entry_kind>();
  read.author = from.template take<user_id>();
  read.client = from.template take<std::optional<client_id>>();
  read.target = from.template take<seq_no>();
  read.at = from.template take<timestamp>();
  read.countable = from.template take<bool>();
  read.print = from.template take<fingerprint>();
  read.body = from.template take<std::string>();
  return read;
};

inline constexpr auto read_member = [](auto& from) -> member {
  return {.user = from.template take<user_id>(),
          .role = from.template take<role>(),
          .joined = from.template take<seq_no>(),
          .left = from.template take<seq_no>(),
          .delivered = from.template take<seq_no>(),
          .read = from.template take<seq_no>(),
          .shown = from.template take<seq_no>(),
          .muted_until = from.template take<timestamp>(),
          .role_since = from.template take<seq_no>(),
          .earlier = spans_of(from.template take<std::string>())};
};

inline constexpr auto read_record = [](auto& from) -> conversation_record {
  return {.id = from.template take<conversation_id>(),
          .kind = from.template take<conversation_kind>(),
          .title = from.template take<std::string>(),
          .history = from.template take<history_policy>(),
          .mode = from.template take<delivery_mode>(),
          .data = from.template take<std::string>(),
          .created_at = from.template take<timestamp>(),
          .mode_chosen = from.template take<bool>(),
          .updated = from.template take<seq_no>()};
};

/// A record, a member, how many members there are, the peer, what is unread, and the newest entry.
inline constexpr auto read_item = [](auto& from) {
  conversation_item item;
  item.record = read_record(from);
  item.self = read_member(from);
  item.members = from.template take<std::size_t>();
  item.peer = from.template take<std::optional<user_id>>();
  item.unread = from.template take<std::uint64_t>();
  item.last = read_entry(from);
  item.head = item.last->seq;
  return item;
};

/// A membership and what the device lacks of it, but for the entries.
struct standing {
  member self;
  backlog owed;
};

/// A member, then conversation, mode, head, cursor and what is unread.
inline constexpr auto read_standing = [](auto& from) {
  standing read{.self = read_member(from), .owed = {}};
  read.owed.conversation = from.template take<conversation_id>();
  read.owed.mode = from.template take<delivery_mode>();
  read.owed.ended = !read.self.active();
  read.owed.head = from.template take<seq_no>();
  read.owed.cursor = from.template take<seq_no>();
  read.owed.unread = from.template take<std::uint64_t>();
  return read;
};

/// As the column `state` has them.
enum class token_state { usable = 0, used = 1, revoked = 2 };

struct refresh_token {
  refresh_grant grant;
  token_state state = token_state::usable;
};

inline constexpr auto read_token = [](auto& from) -> refresh_token {
  return {.grant = {.digest = from.template take<token_digest>(),
                    .family = from.template take<uuid>(),
                    .user = from.template take<user_id>(),
                    .device = from.template take<device_id>(),
                    .expires_at = from.template take<timestamp>()},
          .state = from.template take<token_state>()};
};

} // namespace parley::persistence
