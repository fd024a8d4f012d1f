#include "persistence/memory/log_writer.hpp"

#include <algorithm>

#include "persistence/well_formed.hpp"

namespace parley::persistence::memory {

namespace {

void raise(seq_no& position, seq_no to) { position = std::max(position, to); }

std::optional<repeated> find_repetition(const conversation& there, const std::vector<entry>& entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].client) continue;
    const auto first = there.clients.find({entries[i].author, *entries[i].client});
    if (first != there.clients.end()) return repeated{i, there.log[first->second - 1]};
  }
  return std::nullopt;
}

void erase(conversation& there, seq_no target) {
  if (target == 0 || target > there.head()) return;
  there.log[target - 1].body = "{}";
  there.log[target - 1].countable = false;
  for (auto& entry : there.log)
    if (entry.target == target && entry.kind == entry_kind::edited) entry.body = "{}";
}

void put(conversation& there, const member& fresh) {
  const auto old = there.members[fresh.user];
  auto& now = there.members[fresh.user] = fresh;
  raise(now.delivered, old.delivered);
  raise(now.read, old.read);
  raise(now.shown, old.shown);
}

void raise_positions(conversation& there, const position_update& update) {
  const auto found = there.members.find(update.user);
  if (found == there.members.end()) return;
  raise(found->second.delivered, update.delivered);
  raise(found->second.read, update.read);
  raise(found->second.shown, update.shown);
}

void raise_cursor(state& all, const conversation_id& id, const cursor_update& update) {
  auto& devices = all.devices[update.user];
  const auto found = devices.find(update.device);
  // One that was removed may still be connected.
  if (found != devices.end()) raise(found->second.cursors[id], update.seq);
}

} // namespace

result<write_outcome> apply(state& all, const conversation_write& write) {
  if (auto well = well_formed(write); !well) return fail(well.error());

  auto& there = all.conversations[write.conversation];
  if (!write.entries.empty() && write.entries.front().seq != there.head() + 1) return collision{};
  if (auto repetition = find_repetition(there, write.entries)) return *std::move(repetition);

  for (const auto& entry : write.entries) {
    if (entry.client) there.clients[{entry.author, *entry.client}] = entry.seq;
    there.log.push_back(entry);
  }
  for (const auto seq : write.erased) erase(there, seq);
  for (const auto& file : write.files)
    if (const auto kept = all.files.find(file); kept != all.files.end())
      kept->second.conversations.insert(write.conversation);
  if (write.record) there.record = write.record;
  for (const auto& member : write.members) {
    put(there, member);
    all.memberships[member.user].insert(write.conversation);
  }
  for (const auto& update : write.positions) raise_positions(there, update);
  for (const auto& update : write.cursors) raise_cursor(all, write.conversation, update);
  return committed{};
}

} // namespace parley::persistence::memory
