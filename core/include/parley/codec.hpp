/// From JSON to structs: the only place where a client's JSON is read. Behind it there are structs.
///
/// Pure functions, any thread. Nothing throws on bad input; it becomes an `error` with the field at fault.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <parley/frames.hpp>

namespace parley {

/// Reads one frame. Not JSON, not an object, or nested deeper than 32: `bad_frame`. Unknown fields are ignored.
[[nodiscard]] client_frame decode_frame(std::string_view text, const content_limits& limits);

/// Reads the fields of a `send` without its type; `to`, where the request's path names it, goes before what they say.
[[nodiscard]] result<client_request> decode_send(std::string_view text, const std::optional<conversation_id>& to,
                                                 const content_limits& limits);

/// Reads the body of an entry of kind `reaction`, without its target.
[[nodiscard]] result<react_content> decode_reaction(std::string_view body);

/// Reads the body of an entry of kind `updated`.
[[nodiscard]] result<update_content> decode_update(std::string_view body);

/// Reads the body of an entry of kind `member`, as `encode_body` wrote it.
[[nodiscard]] result<member_change> decode_member_change(std::string_view body);

struct credentials {
  std::string user;
  std::string password;
  std::string name;
  std::optional<device_id> device;
};

/// Reads the body of a registration or log-in.
[[nodiscard]] result<credentials> decode_credentials(std::string_view text);

/// Reads `{"refreshToken":"…"}`.
[[nodiscard]] result<std::string> decode_refresh(std::string_view text);

/// The opaque `next` of a list of conversations, and back.
[[nodiscard]] std::string encode_list_position(const list_position& place);
[[nodiscard]] std::optional<list_position> decode_list_position(std::string_view text);

} // namespace parley
