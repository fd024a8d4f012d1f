#include <algorithm>
#include <ranges>

#include "persistence/memory/log_writer.hpp"
#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

namespace {

std::vector<entry> entries_of(const conversation& there, const log_range& range) {
  if (range.before <= range.after + 1) return {};
  const auto end = std::min<seq_no>(there.head(), range.before - 1);
  const auto begin = std::min<seq_no>(range.after, end);
  const auto count = std::min<seq_no>(end - begin, range.limit);
  const auto first = there.log.begin() + static_cast<std::ptrdiff_t>(range.newest ? end - count : begin);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::uint64_t unread_of(const conversation& there, const member& self) {
  const auto seen = std::max(self.read, self.joined > 0 ? self.joined - 1 : 0);
  return static_cast<std::uint64_t>(std::ranges::count_if(
      there.log, [&](const entry& entry) { return entry.seq > seen && entry.countable && entry.author != self.user; }));
}

conversation_item item_of(const conversation& there, const member& self) {
  conversation_item item{.record = *there.record, .self = self};
  for (const auto& [user, member] : there.members) {
    if (member.active()) ++item.members;
    if (item.record.kind == conversation_kind::direct && user != self.user) item.peer = user;
  }
  item.head = there.head();
  item.unread = unread_of(there, self);
  item.last = there.log.back();
  return item;
}

class log_in_memory final : public log_store {
public:
  explicit log_in_memory(std::shared_ptr<state> all) : all_{std::move(all)} {}

  result<std::optional<conversation_snapshot>> load(const conversation_id& id) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& there = look_up(all_->conversations, id);
    if (!there.exists()) return std::nullopt;
    conversation_snapshot snapshot{
        .record = *there.record, .members = {}, .head = there.head(), .newest_at = there.log.back().at};
    for (const auto& member : there.members | std::views::values) snapshot.members.push_back(member);
    return snapshot;
  }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<result<write_outcome>> outcomes;
    for (const auto& write : writes) outcomes.push_back(apply(*all_, write));
    return outcomes;
  }

  result<std::vector<entry>> read(const conversation_id& id, const log_range& range) override {
    const std::scoped_lock lock{all_->mutex};
    return entries_of(look_up(all_->conversations, id), range);
  }

  result<std::optional<entry>> find(const conversation_id& id, const user_id& author,
                                    const client_id& client) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& there = look_up(all_->conversations, id);
    const auto found = there.clients.find({author, client});
    if (found == there.clients.end()) return std::nullopt;
    return there.log[found->second - 1];
  }

  result<std::optional<access>> find_access(const conversation_id& id, const user_id& user) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& there = look_up(all_->conversations, id);
    const auto self = there.members.find(user);
    if (!there.exists() || self == there.members.end()) return std::nullopt;
    return access{.self = self->second, .history = there.record->history, .head = there.head()};
  }

  result<std::vector<member>> members(const conversation_id& id, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& members = look_up(all_->conversations, id).members;
    std::vector<member> found;
    for (auto next = after ? members.upper_bound(*after) : members.begin(); next != members.end(); ++next)
      if (next->second.active() && found.size() < limit) found.push_back(next->second);
    return found;
  }

  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& id) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& there = look_up(all_->conversations, id);
    const auto self = there.members.find(user);
    if (!there.exists() || self == there.members.end() || !self->second.active()) return std::nullopt;
    return item_of(there, self->second);
  }

  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<conversation_item> items;
    for_each_active(user, [&](const conversation& there, const member& self) {
      const auto& newest = there.log.back();
      if (!after || std::tie(newest.at, newest.conversation) < std::tie(after->at, after->conversation))
        items.push_back(item_of(there, self));
    });
    std::ranges::sort(items, std::greater{}, [](const conversation_item& item) {
      return std::pair{item.last->at, item.record.id};
    });
    if (items.size() > limit) items.resize(limit);
    return items;
  }

  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<backlog> backlogs;
    const auto& devices = look_up(all_->devices, user);
    const auto known = devices.find(device);
    for_each_active(user, [&](const conversation& there, const member& self) {
      backlog owed{.conversation = there.record->id, .head = there.head(), .unread = unread_of(there, self)};
      owed.cursor = self.delivered;
      if (known != devices.end()) {
        const auto cursor = known->second.cursors.find(owed.conversation);
        owed.cursor = cursor == known->second.cursors.end() ? 0 : cursor->second;
      }
      if (self.joined > 0) owed.cursor = std::max(owed.cursor, self.joined - 1);
      owed.entries = entries_of(there, {.after = owed.cursor, .limit = limit, .newest = true});
      backlogs.push_back(std::move(owed));
    });
    return backlogs;
  }

private:
  template <class Visit> void for_each_active(const user_id& user, Visit visit) {
    for (const auto& id : look_up(all_->memberships, user)) {
      const auto& there = look_up(all_->conversations, id);
      const auto& self = there.members.at(user);
      if (there.exists() && self.active()) visit(there, self);
    }
  }

  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<log_store> make_log_store(std::shared_ptr<state> state) {
  return std::make_shared<log_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory
