#include "actors/conversation_load.hpp"

#include <algorithm>

namespace parley::actors {

namespace {

result<std::set<user_id>> read_blockers(const stores& from, const conversation_snapshot& of) {
  std::set<user_id> blockers;
  if (of.record.kind != conversation_kind::direct) return blockers;
  for (const auto& one : of.members) {
    const auto blocked = from.accounts->blocked_by(one.user);
    if (!blocked) return fail(blocked.error());
    for (const auto& other : of.members)
      if (std::ranges::find(*blocked, other.user) != blocked->end()) blockers.insert(one.user);
  }
  return blockers;
}

} // namespace

result<loaded_log> load_conversation(const stores& from, const conversation_id& id, std::optional<seq_no> fanned_out,
                                     std::size_t missed_max) {
  auto snapshot = from.log->load(id);
  if (!snapshot) return fail(snapshot.error());
  loaded_log loaded{std::move(*snapshot), {}, {}};
  if (!loaded.snapshot) return loaded;
  auto blockers = read_blockers(from, *loaded.snapshot);
  if (!blockers) return fail(blockers.error());
  loaded.blockers = std::move(*blockers);
  if (!fanned_out || loaded.snapshot->head <= *fanned_out) return loaded;
  auto missed = from.log->read(
      id, {.after = *fanned_out, .before = loaded.snapshot->head + 1, .limit = missed_max, .newest = true});
  if (!missed) return fail(missed.error());
  loaded.missed = std::move(*missed);
  return loaded;
}

std::vector<user_id> members_at(const conversation_state& state, seq_no seq) {
  std::vector<user_id> users;
  for (const auto& one : state.members())
    if (one.joined <= seq && (one.active() || one.left >= seq)) users.push_back(one.user);
  return users;
}

std::optional<user_id> peer_of(const conversation_state& state, const user_id& user) {
  if (state.record().kind != conversation_kind::direct) return std::nullopt;
  for (const auto& other : *state.audience())
    if (other != user) return other;
  return std::nullopt;
}

} // namespace parley::actors
