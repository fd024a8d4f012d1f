#include "cluster/wire/numbers.hpp"

#include <parley_wire_pb/messages.pb.h>

namespace parley::cluster::wire {

namespace {

/// The one of `first`..`last` that has this number.
template <class Enum, class Number> std::optional<Enum> find(Number number, Enum first, Enum last) {
  for (auto i = static_cast<int>(first); i <= static_cast<int>(last); ++i)
    if (to_wire(static_cast<Enum>(i)) == number) return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace

// Without a default, so that a value without a number does not compile. Each switch has its way back below it.

pb::error_code to_wire(errc code) {
  switch (code) {
  case errc::bad_frame: return pb::code_bad_frame;
  case errc::unknown_type: return pb::code_unknown_type;
  case errc::invalid_argument: return pb::code_invalid_argument;
  case errc::unauthenticated: return pb::code_unauthenticated;
  case errc::token_expired: return pb::code_token_expired;
  case errc::forbidden: return pb::code_forbidden;
  case errc::blocked: return pb::code_blocked;
  case errc::not_found: return pb::code_not_found;
  case errc::conflict: return pb::code_conflict;
  case errc::client_id_conflict: return pb::code_client_id_conflict;
  case errc::too_large: return pb::code_too_large;
  case errc::too_many: return pb::code_too_many;
  case errc::rate_limited: return pb::code_rate_limited;
  case errc::overloaded: return pb::code_overloaded;
  case errc::unavailable: return pb::code_unavailable;
  case errc::timeout: return pb::code_timeout;
  case errc::internal: return pb::code_internal;
  }
  return pb::code_unset;
}

std::optional<errc> from_wire(pb::error_code number) { return find(number, errc::bad_frame, errc::internal); }

pb::member_role to_wire(role value) {
  switch (value) {
  case role::reader: return pb::role_reader;
  case role::member: return pb::role_member;
  case role::admin: return pb::role_admin;
  case role::owner: return pb::role_owner;
  }
  return pb::role_unset;
}

std::optional<role> from_wire(pb::member_role number) { return find(number, role::reader, role::owner); }

pb::history_rule to_wire(history_policy policy) {
  switch (policy) {
  case history_policy::all: return pb::history_all;
  case history_policy::joined: return pb::history_joined;
  }
  return pb::history_unset;
}

std::optional<history_policy> from_wire(pb::history_rule number) {
  return find(number, history_policy::all, history_policy::joined);
}

pb::delivery_manner to_wire(delivery_mode mode) {
  switch (mode) {
  case delivery_mode::push: return pb::manner_push;
  case delivery_mode::pull: return pb::manner_pull;
  }
  return pb::manner_unset;
}

std::optional<delivery_mode> from_wire(pb::delivery_manner number) {
  return find(number, delivery_mode::push, delivery_mode::pull);
}

pb::member_action to_wire(member_change::action_kind action) {
  using kind = member_change::action_kind;
  switch (action) {
  case kind::create: return pb::action_create;
  case kind::add: return pb::action_add;
  case kind::remove: return pb::action_remove;
  case kind::leave: return pb::action_leave;
  case kind::role: return pb::action_role;
  }
  return pb::action_unset;
}

std::optional<member_change::action_kind> from_wire(pb::member_action number) {
  using kind = member_change::action_kind;
  return find(number, kind::create, kind::role);
}

pb::presence_shown to_wire(presence_choice choice) {
  switch (choice) {
  case presence_choice::online: return pb::shown_online;
  case presence_choice::away: return pb::shown_away;
  case presence_choice::invisible: return pb::shown_invisible;
  }
  return pb::shown_unset;
}

std::optional<presence_choice> from_wire(pb::presence_shown number) {
  return find(number, presence_choice::online, presence_choice::invisible);
}

} // namespace parley::cluster::wire
