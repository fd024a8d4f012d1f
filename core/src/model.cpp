#include <parley/model.hpp>

namespace parley {

std::string_view to_string(entry_kind kind) {
  switch (kind) {
  case entry_kind::message: return "message";
  case entry_kind::edited: return "edited";
  case entry_kind::deleted: return "deleted";
  case entry_kind::reaction: return "reaction";
  case entry_kind::member: return "member";
  case entry_kind::updated: return "updated";
  }
  return "unknown";
}

std::string_view to_string(conversation_kind kind) { return kind == conversation_kind::direct ? "direct" : "group"; }

std::string_view to_string(role value) {
  switch (value) {
  case role::reader: return "reader";
  case role::member: return "member";
  case role::admin: return "admin";
  case role::owner: return "owner";
  }
  return "unknown";
}

std::string_view to_string(history_policy policy) { return policy == history_policy::all ? "all" : "joined"; }

std::string_view to_string(delivery_mode mode) { return mode == delivery_mode::push ? "push" : "pull"; }

std::optional<role> parse_role(std::string_view text) {
  for (const auto value : {role::reader, role::member, role::admin, role::owner})
    if (to_string(value) == text) return value;
  return std::nullopt;
}

} // namespace parley
