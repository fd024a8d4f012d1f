/// What kinds of messages travel between nodes, and which answers each.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley::cluster::wire {

/// The number of a message on the wire; numbers are never used again. A newer node may send one that is not here.
enum class message_kind : std::uint32_t {
  // To a conversation.
  append_entry = 1,
  move_position = 2,
  mute_conversation = 3,
  change_block = 4,
  tell_typing = 5,
  begin_focus = 6,
  end_focus = 7,
  settle_positions = 8,
  // To a user.
  attach_session = 20,
  detach_session = 21,
  // To a presence.
  show_presence = 30,
  watch_presence = 31,
  unwatch_presence = 32,
  hide_presence = 33,
  // Answers.
  completed = 40,
  entry_appended = 41,
  error = 42,
  // To the delivery table of a node.
  fan_out = 50,
  deliver = 51,
};

/// Above all numbers in use.
constexpr std::uint32_t kinds_end = 64;

/// The name of the message; empty for a number that is not known here.
[[nodiscard]] std::string_view name_of(message_kind kind);
/// For people: the name, or `kind 77`.
[[nodiscard]] std::string to_string(message_kind kind);

/// What a request is answered with when it succeeds; nothing: it has no answer, it is only told.
[[nodiscard]] std::optional<message_kind> answer_to(message_kind request);
/// Whether `reply` may answer `request`: its own answer, or an error.
[[nodiscard]] bool may_answer(message_kind request, message_kind reply);

} // namespace parley::cluster::wire
