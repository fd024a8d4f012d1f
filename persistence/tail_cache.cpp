#include "persistence/tail_cache.hpp"

#include <functional>
#include <limits>
#include <utility>

#include <parley/log_lane.hpp>

namespace parley::persistence {

namespace {

constexpr std::size_t shelf_count = 16;
/// Rather than more than these, a page is read anew.
constexpr seq_no catch_up_max = 200;

struct locked_shelf {
  explicit locked_shelf(const tail_cache_options& options) : content{options} {}

  std::mutex lock;
  tail_shelf content;
};

class shelves {
public:
  explicit shelves(tail_cache_options options) {
    options.bytes_max /= shelf_count;
    for (auto& each : all_) each = std::make_unique<locked_shelf>(options);
  }

  /// Calls `use(tail_shelf&)` with the shelf of `conversation` under its lock.
  template <class Use> auto with(const conversation_id& conversation, Use use) {
    auto& shelf = *all_[std::hash<conversation_id>{}(conversation) % shelf_count];
    const std::scoped_lock held{shelf.lock};
    return use(shelf.content);
  }

  /// What a remembered conversation has to know of a write once it is committed.
  void on_committed(const conversation_write& write) {
    with(write.conversation, [&](tail_shelf& shelf) {
      if (!shelf.has(write.conversation)) return;
      shelf.learn(write.conversation, write.entries);
      for (const auto message : write.erased)
        shelf.erase(write.conversation, message, std::numeric_limits<seq_no>::max());
    });
  }

private:
  std::array<std::unique_ptr<locked_shelf>, shelf_count> all_;
};

/// The writing end of the store behind; what is committed of remembered conversations is remembered too.
class remembering_lane final : public log_lane {
public:
  remembering_lane(std::unique_ptr<log_lane> behind, std::shared_ptr<shelves> tails)
      : behind_{std::move(behind)}, tails_{std::move(tails)} {}

  std::size_t depth() const override { return behind_->depth(); }

  void put(std::vector<conversation_write> writes) override {
    auto& noted = under_way_.emplace_back();
    for (std::size_t i = 0; i < writes.size(); ++i) {
      const auto& write = writes[i];
      if (write.entries.empty()) continue;
      const auto is_known =
          tails_->with(write.conversation, [&](const tail_shelf& shelf) { return shelf.has(write.conversation); });
      if (!is_known) continue;
      noted.emplace_back(
          i, conversation_write{.conversation = write.conversation, .entries = write.entries, .erased = write.erased});
    }
    behind_->put(std::move(writes));
  }

  std::vector<result<write_outcome>> take() override {
    auto outcomes = behind_->take();
    for (const auto& [index, write] : under_way_.front())
      if (outcomes[index] && std::holds_alternative<committed>(*outcomes[index])) tails_->on_committed(write);
    under_way_.pop_front();
    return outcomes;
  }

private:
  std::unique_ptr<log_lane> behind_;
  std::shared_ptr<shelves> tails_;
  /// Index in the batch and what is to be remembered of it.
  std::deque<std::vector<std::pair<std::size_t, conversation_write>>> under_way_;
};

class remembering_log final : public log_store {
public:
  remembering_log(std::shared_ptr<log_store> behind, const tail_cache_options& options)
      : behind_{std::move(behind)}, tails_{std::make_shared<shelves>(options)} {}

  std::size_t lanes() const override { return behind_->lanes(); }
  std::size_t lane_of(const conversation_id& conversation) const override { return behind_->lane_of(conversation); }
  std::unique_ptr<log_lane> open_lane(std::size_t number) override {
    return std::make_unique<remembering_lane>(behind_->open_lane(number), tails_);
  }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) override {
    auto outcomes = behind_->write(writes);
    for (std::size_t i = 0; i < writes.size(); ++i)
      if (outcomes[i] && std::holds_alternative<committed>(*outcomes[i])) tails_->on_committed(writes[i]);
    return outcomes;
  }

  result<std::vector<entry>> read(const conversation_id& conversation, const log_range& range) override {
    // Where the newest are asked for without naming them, only the store knows which these are.
    if (range.newest || range.limit == 0 || range.before <= range.after + 1) return behind_->read(conversation, range);
    const auto last = range.before - range.after - 1 > range.limit ? range.after + range.limit : range.before - 1;
    if (auto done = catch_up(conversation); !done) return fail(done.error());
    std::vector<entry> found;
    const auto known = tails_->with(
        conversation, [&](tail_shelf& shelf) { return shelf.copy(conversation, range.after + 1, last, found); });
    if (known == last) return found;
    auto rest = behind_->read(conversation, {.after = known, .before = range.before, .limit = last - known});
    if (!rest) return rest;
    tails_->with(conversation, [&](tail_shelf& shelf) { shelf.learn(conversation, *rest); });
    for (const auto& one : *rest)
      if (one.kind == entry_kind::deleted)
        for (auto& older : found) erase_content(older, one.target, one.seq);
    found.insert(found.end(), std::make_move_iterator(rest->begin()), std::make_move_iterator(rest->end()));
    return found;
  }

  result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first, seq_no last,
                                     seq_no head) override {
    auto known =
        tails_->with(conversation, [&](tail_shelf& shelf) { return shelf.changes(conversation, first, last, head); });
    if (known) return std::move(*known);
    return behind_->changes(conversation, first, last, head);
  }

  // These tell the head. ------------------------------------------------------------------------------------------

  result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) override {
    auto found = behind_->load(conversation);
    if (found && *found) note_head(conversation, (*found)->head);
    return found;
  }
  result<std::optional<access>> find_access(const conversation_id& conversation, const user_id& user) override {
    auto found = behind_->find_access(conversation, user);
    if (found && *found) note_head(conversation, (*found)->head);
    return found;
  }
  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& conversation) override {
    auto found = behind_->item(user, conversation);
    if (found && *found) note_head(conversation, (*found)->head);
    return found;
  }

  // Answered by the store alone. ----------------------------------------------------------------------------------

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    return behind_->search(user, what);
  }
  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    return behind_->acquaintances(user, others);
  }
  result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                    const client_id& client) override {
    return behind_->find(conversation, author, client);
  }
  result<std::vector<member>> members(const conversation_id& conversation, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return behind_->members(conversation, after, limit);
  }
  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    return behind_->list(user, after, limit);
  }
  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    return behind_->backlog_of(user, device, limit);
  }

private:
  void note_head(const conversation_id& conversation, seq_no head) {
    tails_->with(conversation, [&](tail_shelf& shelf) { shelf.note_head(conversation, head); });
  }

  /// Reads what is missing up to the head that the store was seen to have; a deletion may be among it.
  result<void> catch_up(const conversation_id& conversation) {
    const auto gap = tails_->with(conversation, [&](tail_shelf& shelf) { return shelf.gap(conversation); });
    if (!gap) return {};
    const auto [last, head] = *gap;
    if (head - last > catch_up_max) {
      tails_->with(conversation, [&](tail_shelf& shelf) { shelf.forget(conversation); });
      return {};
    }
    const auto missing = behind_->read(conversation, {.after = last, .before = head + 1, .limit = head - last});
    if (!missing) return fail(missing.error());
    tails_->with(conversation, [&](tail_shelf& shelf) { shelf.learn(conversation, *missing); });
    return {};
  }

  std::shared_ptr<log_store> behind_;
  std::shared_ptr<shelves> tails_;
};

} // namespace

std::shared_ptr<log_store> remember_tails(std::shared_ptr<log_store> before, const tail_cache_options& options) {
  return std::make_shared<remembering_log>(std::move(before), options);
}

} // namespace parley::persistence
