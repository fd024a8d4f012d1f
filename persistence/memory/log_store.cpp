#include <algorithm>
#include <ranges>

#include "persistence/memory/log_reader.hpp"
#include "persistence/memory/log_writer.hpp"
#include "persistence/search_words.hpp"

namespace parley::persistence::memory {

namespace {

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

  result<std::vector<entry>> changes(const conversation_id& id, seq_no first, seq_no last, seq_no head) override {
    const std::scoped_lock lock{all_->mutex};
    return changes_of(look_up(all_->conversations, id), first, last, head);
  }

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    const auto terms = search_terms(what.text);
    if (terms.empty()) return std::vector<entry>{};
    const std::scoped_lock lock{all_->mutex};
    std::vector<entry> found;
    for_each_membership(user, [&](const conversation& there, const member& self) {
      if (!what.conversation || there.record->id == *what.conversation)
        std::ranges::move(messages_with(terms, there, self), std::back_inserter(found));
    });
    std::ranges::sort(found, std::greater{},
                      [](const entry& one) { return std::tie(one.at, one.seq, one.conversation); });
    if (found.size() > what.limit) found.resize(what.limit);
    return found;
  }

  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    const std::scoped_lock lock{all_->mutex};
    std::set<user_id> known;
    for_each_active(user, [&](const conversation& there, const member&) {
      for (const auto& [other, member] : there.members)
        if (member.active()) known.insert(other);
    });
    std::vector<user_id> found;
    std::ranges::copy_if(others, std::back_inserter(found),
                         [&](const user_id& other) { return known.contains(other); });
    return found;
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
    return access{
        .self = self->second, .history = there.record->history, .kind = there.record->kind, .head = there.head()};
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
    const auto& devices = look_up(all_->devices, user);
    const auto found = devices.find(device);
    const auto* known = found == devices.end() ? nullptr : &found->second;
    std::vector<backlog> backlogs;
    std::optional<error> problem;
    for_each_membership(user, [&](const conversation& there, const member& self) {
      const auto cursor = known ? look_up(known->cursors, there.record->id) : self.delivered;
      if (!self.active() && (!known || cursor >= self.left)) return;
      auto owed = backlog_in(there, self, cursor, limit);
      if (owed)
        backlogs.push_back(*std::move(owed));
      else
        problem = owed.error();
    });
    if (problem) return fail(*std::move(problem));
    return backlogs;
  }

private:
  template <class Visit> void for_each_membership(const user_id& user, Visit visit) {
    for (const auto& id : look_up(all_->memberships, user)) {
      const auto& there = look_up(all_->conversations, id);
      if (there.exists()) visit(there, there.members.at(user));
    }
  }

  template <class Visit> void for_each_active(const user_id& user, Visit visit) {
    for_each_membership(user, [&](const conversation& there, const member& self) {
      if (self.active()) visit(there, self);
    });
  }

  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<log_store> make_log_store(std::shared_ptr<state> state) {
  return std::make_shared<log_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory
