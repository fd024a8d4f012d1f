#include <parley/conversation_state.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <parley/codec.hpp>

namespace parley {

namespace {

/// Memberships of one user that are remembered beside the present one.
constexpr std::size_t earlier_max = 8;

} // namespace

conversation_state::conversation_state(conversation_id id) { record_.id = id; }

conversation_state::conversation_state(conversation_snapshot snapshot)
    : record_{std::move(snapshot.record)}, head_{snapshot.head}, newest_at_{snapshot.newest_at} {
  for (auto& one : snapshot.members) {
    auto user = one.user;
    members_.emplace(std::move(user), std::move(one));
  }
}

void conversation_state::become_direct(const user_id& one, const user_id& other, timestamp now) {
  record_.kind = conversation_kind::direct;
  record_.created_at = now;
  join(one, role::member, 1);
  join(other, role::member, 1);
}

result<projection_change> conversation_state::apply(const entry& next) {
  if (next.seq != head_ + 1)
    return fail(errc::internal, fmt::format("entry {} does not follow entry {}", next.seq, head_));

  projection_change change;
  if (next.kind == entry_kind::member) {
    auto changed = apply_member_change(next);
    if (!changed) return changed;
    change = std::move(*changed);
  } else if (next.kind == entry_kind::updated) {
    auto changed = apply_update(next);
    if (!changed) return changed;
    change = std::move(*changed);
  } else if (next.seq == 1) {
    // The first message of a direct conversation brings its record and members with it.
    change.record = true;
    for (const auto& [user, _] : members_) change.members.push_back(user);
  }
  head_ = next.seq;
  newest_at_ = std::max(newest_at_, next.at);
  // Whoever says something has read what was said; a reaction or a change of the title says nothing about that.
  if (next.kind == entry_kind::message || next.seq == 1) raise({next.author, next.seq, next.seq, next.seq});
  return change;
}

result<projection_change> conversation_state::apply_member_change(const entry& next) {
  const auto read = decode_member_change(next.body);
  if (!read) return fail(errc::internal, fmt::format("entry {} cannot be read: {}", next.seq, read.error().detail));

  using enum member_change::action_kind;
  switch (read->action) {
  case create:
    record_.kind = conversation_kind::group;
    record_.title = read->title;
    record_.history = read->history;
    record_.mode = read->mode;
    record_.mode_chosen = read->mode == delivery_mode::pull;
    record_.data = read->data;
    record_.created_at = next.at;
    for (const auto& user : read->users) join(user, user == next.author ? role::owner : role::member, next.seq);
    break;
  case add:
    for (const auto& user : read->users) join(user, read->new_role.value_or(role::member), next.seq);
    break;
  case remove:
  case leave:
    for (const auto& user : read->users)
      if (const auto found = members_.find(user); found != members_.end()) found->second.left = next.seq;
    break;
  case role:
    for (const auto& user : read->users)
      if (const auto found = members_.find(user); found != members_.end() && read->new_role)
        found->second.role = *read->new_role, found->second.role_since = next.seq;
    break;
  }
  audience_ = nullptr;
  return projection_change{read->action == create, read->users};
}

result<projection_change> conversation_state::apply_update(const entry& next) {
  auto read = decode_update(next.body);
  if (!read) return fail(errc::internal, fmt::format("entry {} cannot be read: {}", next.seq, read.error().detail));
  if (read->title) record_.title = std::move(*read->title);
  if (read->data) record_.data = std::move(*read->data);
  if (read->mode) {
    record_.mode = *read->mode;
    record_.mode_chosen = !read->automatic && *read->mode == delivery_mode::pull;
  }
  record_.updated = next.seq;
  return projection_change{true, {}};
}

void conversation_state::join(const user_id& user, parley::role as, seq_no at) {
  auto& one = members_[user];
  if (!one.user.value.empty() && !one.active()) {
    one.earlier.push_back({one.joined, one.left});
    if (one.earlier.size() > earlier_max) one.earlier.erase(one.earlier.begin());
  }
  one.user = user;
  one.role = as;
  one.role_since = at;
  one.joined = at;
  one.left = 0;
  one.delivered = std::max(one.delivered, at - 1);
  one.read = std::max(one.read, at - 1);
  one.shown = std::max(one.shown, at - 1);
  audience_ = nullptr;
}

const member* conversation_state::raise(const position_update& to) {
  const auto found = members_.find(to.user);
  if (found == members_.end()) return nullptr;
  auto& one = found->second;
  const auto before = one;
  one.delivered = std::max(one.delivered, to.delivered);
  one.read = std::max(one.read, to.read);
  one.shown = std::max(one.shown, to.shown);
  return one == before ? nullptr : &one;
}

const member* conversation_state::mute(const user_id& user, timestamp until) {
  const auto found = members_.find(user);
  if (found == members_.end()) return nullptr;
  found->second.muted_until = until;
  return &found->second;
}

const member* conversation_state::find(const user_id& user) const {
  const auto found = members_.find(user);
  return found == members_.end() ? nullptr : &found->second;
}

const member* conversation_state::find_active(const user_id& user) const {
  const auto* one = find(user);
  return one && one->active() ? one : nullptr;
}

const std::shared_ptr<const std::vector<user_id>>& conversation_state::audience() const {
  if (!audience_) {
    auto users = std::make_shared<std::vector<user_id>>();
    for (const auto& [user, one] : members_)
      if (one.active()) users->push_back(user);
    audience_ = std::move(users);
  }
  return audience_;
}

std::vector<member> conversation_state::members() const {
  std::vector<member> all;
  all.reserve(members_.size());
  for (const auto& [_, one] : members_) all.push_back(one);
  return all;
}

} // namespace parley
