/// From structs to JSON: every frame the server sends.
///
/// An entry is encoded once for all its readers: `encode_entry` leaves the object open, and each session closes it with
/// a suffix of its own (`close_frame`), which carries its counter `s`.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parley/frames.hpp>

namespace parley {

struct welcome {
  user_id user;
  device_id device;
  /// Its name.
  std::string session;
  std::string resume_key;
  bool resumed = false;
  std::string node;
  timestamp server_time{};
  std::chrono::milliseconds heartbeat{};
  std::chrono::milliseconds resume_window{};
  std::size_t frame_bytes = 0;
  std::size_t text_bytes = 0;
  std::size_t in_flight = 0;
};

/// What an `ack` says of an accepted request.
struct acknowledgement {
  std::string ref;
  /// As the client wrote it; empty: none.
  std::string client;
  conversation_id conversation;
  seq_no seq = 0;
  timestamp at{};
  bool duplicate = false;
};

struct receipt {
  conversation_id conversation;
  seq_no seq = 0;
  user_id user;
  bool read = false;
  timestamp at{};
};

struct unread_count {
  conversation_id conversation;
  std::uint64_t unread = 0;
};

/// The body of an entry of kind `member`, `reaction` or `updated`.
[[nodiscard]] std::string encode_body(const member_change& change);
[[nodiscard]] std::string encode_body(const react_content& reaction);
[[nodiscard]] std::string encode_body(const update_content& update);

/// An entry with its brace left open: `{"type":"message",…,"ts":1`. The client id is for its author only.
[[nodiscard]] std::string encode_entry(const entry& item, bool with_client);
/// The suffix that closes an open frame for a session: `,"s":17}`.
[[nodiscard]] std::string close_frame(std::uint64_t s);

[[nodiscard]] std::string encode(const welcome& hello);
[[nodiscard]] std::string encode(const acknowledgement& ack);
/// A receipt with its brace left open.
[[nodiscard]] std::string encode_open(const receipt& news);
[[nodiscard]] std::string encode_error(std::string_view ref, const error& why);
/// `{"type":"ack","ref":…}` for requests that make no entry.
[[nodiscard]] std::string encode_plain_ack(std::string_view ref);
[[nodiscard]] std::string encode_pong(std::string_view ref, timestamp now);
[[nodiscard]] std::string encode_synced(std::size_t conversations, std::span<const unread_count> unread);
[[nodiscard]] std::string encode_gap(const conversation_id& conversation, seq_no from, seq_no to);
/// A conversation in pull mode stands at `head`.
[[nodiscard]] std::string encode_hint(const conversation_id& conversation, seq_no head);
[[nodiscard]] std::string encode_lag(std::span<const conversation_id> conversations);
[[nodiscard]] std::string encode_bye(std::chrono::milliseconds after);

/// `reader` decides which client ids are shown.
[[nodiscard]] std::string encode_conversation(std::string_view ref, const conversation_item& item,
                                              const user_id& reader);
[[nodiscard]] std::string encode_conversations(std::string_view ref, std::span<const conversation_item> items,
                                               std::string_view next, const user_id& reader);
[[nodiscard]] std::string encode_members(std::string_view ref, std::span<const member> members, std::string_view next);
[[nodiscard]] std::string encode_history(std::string_view ref, const conversation_id& conversation,
                                         std::span<const entry> items, seq_no head, bool more, const user_id& reader);

[[nodiscard]] std::string encode_results(std::string_view ref, std::span<const entry> items, const user_id& reader);

enum class presence_status : std::uint8_t { offline, away, online };
[[nodiscard]] std::string encode_presence(const user_id& user, presence_status status,
                                          const std::optional<timestamp>& last_seen);
[[nodiscard]] std::string encode_typing(const conversation_id& conversation, const user_id& user, bool on,
                                        std::chrono::milliseconds lasts);
/// That the user muted the conversation, with its brace left open.
[[nodiscard]] std::string encode_open_muted(const conversation_id& conversation, timestamp until);

/// The HTTP answer to a registration, log-in or refresh.
[[nodiscard]] std::string encode_grant(std::string_view token, std::string_view refresh_token, const user_id& user,
                                       timestamp expires_at);

} // namespace parley
