#include "persistence/counted_log.hpp"

#include <deque>
#include <utility>
#include <vector>

#include <parley/log_lane.hpp>

namespace parley::persistence {

namespace {

using outcomes = std::vector<result<write_outcome>>;

void add(std::atomic<std::uint64_t>& count, std::uint64_t more) {
  if (more > 0) count.fetch_add(more, std::memory_order_relaxed);
}

std::vector<std::size_t> sizes_of(std::span<const conversation_write> writes) {
  std::vector<std::size_t> sizes;
  sizes.reserve(writes.size());
  for (const auto& each : writes) sizes.push_back(each.entries.size());
  return sizes;
}

/// `sizes` are the entries of each write.
void count(log_counts& counts, const std::vector<std::size_t>& sizes, const outcomes& done) {
  std::uint64_t written = 0, entries = 0, collided = 0, repetitions = 0, failed = 0;
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (!done[i]) {
      ++failed;
    } else if (std::holds_alternative<committed>(*done[i])) {
      ++written;
      entries += i < sizes.size() ? sizes[i] : 0;
    } else if (std::holds_alternative<collision>(*done[i])) {
      ++collided;
    } else {
      ++repetitions;
    }
  }
  add(counts.commits, written > 0 ? 1 : 0);
  add(counts.entries, entries);
  add(counts.collisions, collided);
  add(counts.repetitions, repetitions);
  add(counts.failures, failed);
}

class counted_lane final : public log_lane {
public:
  counted_lane(std::unique_ptr<log_lane> lane, std::shared_ptr<log_counts> counts)
      : lane_{std::move(lane)}, counts_{std::move(counts)} {}

  std::size_t depth() const override { return lane_->depth(); }

  void put(std::vector<conversation_write> writes) override {
    under_way_.push_back(sizes_of(writes));
    lane_->put(std::move(writes));
  }

  outcomes take() override {
    auto done = lane_->take();
    count(*counts_, under_way_.front(), done);
    under_way_.pop_front();
    return done;
  }

private:
  std::unique_ptr<log_lane> lane_;
  std::shared_ptr<log_counts> counts_;
  std::deque<std::vector<std::size_t>> under_way_;
};

class counted_log final : public log_store {
public:
  counted_log(std::shared_ptr<log_store> log, std::shared_ptr<log_counts> counts)
      : log_{std::move(log)}, counts_{std::move(counts)} {}

  std::size_t lanes() const override { return log_->lanes(); }
  std::size_t lane_of(const conversation_id& conversation) const override { return log_->lane_of(conversation); }
  std::unique_ptr<log_lane> open_lane(std::size_t number) override {
    return std::make_unique<counted_lane>(log_->open_lane(number), counts_);
  }

  outcomes write(std::span<const conversation_write> writes) override {
    auto done = log_->write(writes);
    count(*counts_, sizes_of(writes), done);
    return done;
  }

  result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) override {
    return counted(log_read::snapshot).load(conversation);
  }
  result<std::vector<entry>> read(const conversation_id& conversation, const log_range& range) override {
    return counted(log_read::entries).read(conversation, range);
  }
  result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first, seq_no last,
                                     seq_no head) override {
    return counted(log_read::changes).changes(conversation, first, last, head);
  }
  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    return counted(log_read::search).search(user, what);
  }
  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    return counted(log_read::acquaintances).acquaintances(user, others);
  }
  result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                    const client_id& client) override {
    return counted(log_read::client_id).find(conversation, author, client);
  }
  result<std::optional<access>> find_access(const conversation_id& conversation, const user_id& user) override {
    return counted(log_read::access).find_access(conversation, user);
  }
  result<std::vector<member>> members(const conversation_id& conversation, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return counted(log_read::members).members(conversation, after, limit);
  }
  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& conversation) override {
    return counted(log_read::item).item(user, conversation);
  }
  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    return counted(log_read::list).list(user, after, limit);
  }
  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    return counted(log_read::backlog).backlog_of(user, device, limit);
  }

private:
  log_store& counted(log_read kind) {
    add(counts_->reads[static_cast<std::size_t>(kind)], 1);
    return *log_;
  }

  std::shared_ptr<log_store> log_;
  std::shared_ptr<log_counts> counts_;
};

} // namespace

std::string_view to_string(log_read kind) {
  switch (kind) {
  case log_read::snapshot: return "snapshot";
  case log_read::entries: return "entries";
  case log_read::changes: return "changes";
  case log_read::search: return "search";
  case log_read::acquaintances: return "acquaintances";
  case log_read::client_id: return "client_id";
  case log_read::access: return "access";
  case log_read::members: return "members";
  case log_read::item: return "item";
  case log_read::list: return "list";
  case log_read::backlog: return "backlog";
  }
  return "unknown";
}

std::shared_ptr<log_store> count_calls(std::shared_ptr<log_store> log, std::shared_ptr<log_counts> counts) {
  return std::make_shared<counted_log>(std::move(log), std::move(counts));
}

} // namespace parley::persistence
