#include "cluster/wire/kinds.hpp"

#include <fmt/format.h>

namespace parley::cluster::wire {

std::string_view name_of(message_kind kind) {
  // Without a default, so that a kind without a name does not compile.
  switch (kind) {
  case message_kind::append_entry: return "append_entry";
  case message_kind::move_position: return "move_position";
  case message_kind::mute_conversation: return "mute_conversation";
  case message_kind::change_block: return "change_block";
  case message_kind::tell_typing: return "tell_typing";
  case message_kind::begin_focus: return "begin_focus";
  case message_kind::end_focus: return "end_focus";
  case message_kind::settle_positions: return "settle_positions";
  case message_kind::attach_session: return "attach_session";
  case message_kind::detach_session: return "detach_session";
  case message_kind::show_presence: return "show_presence";
  case message_kind::watch_presence: return "watch_presence";
  case message_kind::unwatch_presence: return "unwatch_presence";
  case message_kind::hide_presence: return "hide_presence";
  case message_kind::completed: return "completed";
  case message_kind::entry_appended: return "entry_appended";
  case message_kind::error: return "error";
  case message_kind::fan_out: return "fan_out";
  case message_kind::deliver: return "deliver";
  }
  return {};
}

std::string to_string(message_kind kind) {
  const auto name = name_of(kind);
  return name.empty() ? fmt::format("kind {}", static_cast<std::uint32_t>(kind)) : std::string{name};
}

std::optional<message_kind> answer_to(message_kind request) {
  switch (request) {
  case message_kind::append_entry: return message_kind::entry_appended;
  case message_kind::move_position:
  case message_kind::mute_conversation:
  case message_kind::change_block:
  case message_kind::tell_typing:
  case message_kind::begin_focus:
  case message_kind::settle_positions:
  case message_kind::attach_session: return message_kind::completed;
  case message_kind::end_focus:
  case message_kind::detach_session:
  case message_kind::show_presence:
  case message_kind::watch_presence:
  case message_kind::unwatch_presence:
  case message_kind::hide_presence:
  case message_kind::completed:
  case message_kind::entry_appended:
  case message_kind::error:
  case message_kind::fan_out:
  case message_kind::deliver: return std::nullopt;
  }
  return std::nullopt;
}

bool may_answer(message_kind request, message_kind reply) {
  const auto answer = answer_to(request);
  return answer && (reply == *answer || reply == message_kind::error);
}

} // namespace parley::cluster::wire
