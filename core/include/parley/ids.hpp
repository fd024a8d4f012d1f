/// The identifiers of Parley. Each is a type of its own, so a user never stands where a device is wanted.

#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <parley/error.hpp>
#include <parley/uuid.hpp>

namespace parley {

template <class Tag> struct text_id {
  std::string value;

  friend auto operator<=>(const text_id&, const text_id&) = default;
};

template <class Tag> struct binary_id {
  uuid value;

  friend auto operator<=>(const binary_id&, const binary_id&) = default;
};

using user_id = text_id<struct user_tag>;
using device_id = text_id<struct device_tag>;
/// One connected device. To clients it has a name, see `session_name`.
using session_id = binary_id<struct session_tag>;
using conversation_id = binary_id<struct conversation_tag>;
/// Made by a client once per logical message, so that a repetition is recognised.
using client_id = binary_id<struct client_tag>;
/// An attachment, as the server named it.
using file_id = binary_id<struct file_tag>;

/// The place of an entry in its conversation's log: 1, 2, 3, … without gaps. 0 stands for "before the first".
using seq_no = std::uint64_t;

/// `[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}`, case-sensitive; else `invalid_argument` for `field`.
[[nodiscard]] result<user_id> parse_user_id(std::string_view text, std::string_view field = "user");
/// `[A-Za-z0-9._-]{1,64}`; else `invalid_argument` for `field`.
[[nodiscard]] result<device_id> parse_device_id(std::string_view text, std::string_view field = "device");
/// A UUID in text form; else `invalid_argument` for `field`.
[[nodiscard]] result<conversation_id> parse_conversation_id(std::string_view text,
                                                            std::string_view field = "conversation");
[[nodiscard]] result<client_id> parse_client_id(std::string_view text, std::string_view field = "clientId");
[[nodiscard]] result<file_id> parse_file_id(std::string_view text, std::string_view field = "file");

template <class Tag> [[nodiscard]] const std::string& to_string(const text_id<Tag>& id) { return id.value; }
template <class Tag> [[nodiscard]] std::string to_string(const binary_id<Tag>& id) { return to_string(id.value); }

/// The id of the conversation of two users, the same whoever asks first.
[[nodiscard]] conversation_id direct_conversation(const user_id& one, const user_id& other);

[[nodiscard]] inline conversation_id random_conversation() { return {random_uuid()}; }

/// What clients call a session: `s-<node>-<uuid>`, with the node that holds it.
[[nodiscard]] std::string session_name(std::string_view node, const session_id& id);
/// The session of such a name; nothing if it is none.
[[nodiscard]] std::optional<session_id> parse_session_name(std::string_view name);

} // namespace parley

template <class Tag> struct std::hash<parley::text_id<Tag>> {
  std::size_t operator()(const parley::text_id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};

template <class Tag> struct std::hash<parley::binary_id<Tag>> {
  std::size_t operator()(const parley::binary_id<Tag>& id) const noexcept { return parley::uuid_hash{}(id.value); }
};
