#include "core/src/membership_decision.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <parley/encoder.hpp>
#include <parley/permissions.hpp>

namespace parley {

namespace {

using action_kind = member_change::action_kind;

/// Below this part of the bound a group that outgrew it goes back to push mode.
constexpr std::size_t return_percent = 80;

/// The users whom the request would really change, each once.
std::vector<user_id> affected(const conversation_state& state, const membership_content& wish) {
  std::vector<user_id> users;
  std::set<user_id> seen;
  for (const auto& user : wish.users)
    if ((state.find_active(user) == nullptr) == (wish.action == action_kind::add) && seen.insert(user).second)
      users.push_back(user);
  return users;
}

/// The newest entry that made one of `users` what it is; 1 if there is none.
seq_no made_by(const conversation_state& state, const std::vector<user_id>& users) {
  seq_no seq = 1;
  for (const auto& user : users)
    if (const auto* one = state.find(user)) seq = std::max(seq, one->active() ? one->joined : one->left);
  return seq;
}

std::optional<error> refuse_leave(const conversation_state& state, const member& author) {
  if (author.role != role::owner || state.active_members() == 1) return std::nullopt;
  for (const auto& user : *state.audience())
    if (user != author.user && state.find(user)->role == role::owner) return std::nullopt;
  return error{errc::conflict, "the last owner cannot leave while others are members", {}, {}};
}

std::optional<error> refuse_role(const conversation_state& state, const member& author,
                                 const membership_content& wish) {
  if (author.role != role::owner) return error{errc::forbidden, "only an owner gives roles", {}, {}};
  const auto* whom = state.find_active(wish.users.front());
  if (!whom) return error{errc::not_found, fmt::format("{} is not a member", wish.users.front().value), "user", {}};
  if (!may_act_on(author.role, whom->role))
    return error{errc::forbidden, "nobody acts on a role at or above the own", {}, {}};
  return std::nullopt;
}

} // namespace

std::optional<error> refuse_membership(const conversation_state& state, const member& author,
                                       const membership_content& wish, const append_limits& limits) {
  if (state.record().kind == conversation_kind::direct)
    return error{errc::invalid_argument, "a 1:1 conversation has no commands for groups", "conversation", {}};
  if (wish.action == action_kind::leave) return refuse_leave(state, author);
  if (wish.action == action_kind::role) return refuse_role(state, author, wish);
  if (!may_manage(author.role)) return error{errc::forbidden, "only admins and owners add and remove members", {}, {}};
  if (wish.action == action_kind::remove) {
    for (const auto& user : wish.users)
      if (const auto* whom = state.find_active(user); whom && !may_act_on(author.role, whom->role))
        return error{errc::forbidden, "nobody removes a role at or above the own; use leave for yourself", {}, {}};
  } else if (state.active_members() + affected(state, wish).size() > limits.members_max) {
    return error{errc::too_many, fmt::format("a group has {} members at most", limits.members_max), "users", {}};
  }
  return std::nullopt;
}

std::optional<error> refuse_update(const conversation_state& state, const member& author, const update_content& wish,
                                   const append_limits& limits) {
  if (state.record().kind == conversation_kind::direct)
    return error{errc::invalid_argument, "a 1:1 conversation has no commands for groups", "conversation", {}};
  if (!may_manage(author.role)) return error{errc::forbidden, "only admins and owners change a group", {}, {}};
  if (!wish.mode) return std::nullopt;
  if (author.role != role::owner) return error{errc::forbidden, "only an owner chooses the mode", "mode", {}};
  if (*wish.mode == delivery_mode::push && state.active_members() > limits.push_max)
    return error{
        errc::conflict, fmt::format("groups of more than {} members are in pull mode", limits.push_max), "mode", {}};
  return std::nullopt;
}

std::optional<unchanged> write_membership(entry& fresh, const conversation_state& state,
                                          const membership_content& wish) {
  member_change change;
  change.action = wish.action;
  if (wish.action == action_kind::leave) {
    change.users = {fresh.author};
  } else if (wish.action == action_kind::role) {
    const auto& whom = *state.find_active(wish.users.front());
    if (whom.role == wish.new_role) return unchanged{std::max<seq_no>(whom.role_since, 1)};
    change.users = wish.users;
    change.new_role = wish.new_role;
  } else {
    change.users = affected(state, wish);
    if (change.users.empty()) return unchanged{made_by(state, wish.users)};
  }
  fresh.kind = entry_kind::member;
  fresh.body = encode_body(change);
  return std::nullopt;
}

std::optional<unchanged> write_update(entry& fresh, const conversation_state& state, const update_content& wish) {
  const auto& now = state.record();
  update_content change;
  if (wish.title && *wish.title != now.title) change.title = wish.title;
  if (wish.data && *wish.data != now.data) change.data = wish.data;
  // An owner may make a pull mode that followed from the size its own choice.
  if (wish.mode && (*wish.mode != now.mode || (*wish.mode == delivery_mode::pull && !now.mode_chosen)))
    change.mode = wish.mode;
  if (!change.title && !change.data && !change.mode) return unchanged{std::max<seq_no>(now.updated, 1)};
  fresh.kind = entry_kind::updated;
  fresh.body = encode_body(change);
  return std::nullopt;
}

std::optional<entry> mode_change_due(const conversation_state& state, const entry& cause, const append_limits& limits) {
  const auto& now = state.record();
  if (now.kind != conversation_kind::group || cause.kind != entry_kind::member) return std::nullopt;
  update_content change;
  change.automatic = true;
  if (now.mode == delivery_mode::push && state.active_members() > limits.push_max)
    change.mode = delivery_mode::pull;
  else if (now.mode == delivery_mode::pull && !now.mode_chosen &&
           state.active_members() * 100 < limits.push_max * return_percent)
    change.mode = delivery_mode::push;
  else
    return std::nullopt;
  entry fresh;
  fresh.conversation = now.id;
  fresh.seq = state.head() + 1;
  fresh.kind = entry_kind::updated;
  fresh.author = cause.author;
  fresh.at = cause.at;
  fresh.body = encode_body(change);
  return fresh;
}

} // namespace parley
