/// A log that is written through a lane of the store behind it, as a node does: the lane has to keep the promises that
/// `log_store::write` gives. Any thread.

#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include <parley/log_lane.hpp>

namespace parley::tests {

class lane_log final : public log_store {
public:
  explicit lane_log(std::shared_ptr<log_store> behind) : behind_{std::move(behind)}, lane_{behind_->open_lane(0)} {}

  std::size_t lanes() const override { return behind_->lanes(); }
  std::size_t lane_of(const conversation_id& conversation) const override { return behind_->lane_of(conversation); }
  std::unique_ptr<log_lane> open_lane(std::size_t number) override { return behind_->open_lane(number); }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) override {
    const std::lock_guard lock{mutex_};
    lane_->put({writes.begin(), writes.end()});
    return lane_->take();
  }

  result<std::optional<conversation_snapshot>> load(const conversation_id& id) override { return behind_->load(id); }
  result<std::vector<entry>> read(const conversation_id& id, const log_range& range) override {
    return behind_->read(id, range);
  }
  result<std::vector<entry>> changes(const conversation_id& id, seq_no first, seq_no last, seq_no head) override {
    return behind_->changes(id, first, last, head);
  }
  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    return behind_->search(user, what);
  }
  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    return behind_->acquaintances(user, others);
  }
  result<std::optional<entry>> find(const conversation_id& id, const user_id& author,
                                    const client_id& client) override {
    return behind_->find(id, author, client);
  }
  result<std::optional<access>> find_access(const conversation_id& id, const user_id& user) override {
    return behind_->find_access(id, user);
  }
  result<std::vector<member>> members(const conversation_id& id, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return behind_->members(id, after, limit);
  }
  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& id) override {
    return behind_->item(user, id);
  }
  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    return behind_->list(user, std::move(after), limit);
  }
  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    return behind_->backlog_of(user, device, limit);
  }

private:
  std::shared_ptr<log_store> behind_;
  std::mutex mutex_;
  std::unique_ptr<log_lane> lane_;
};

} // namespace parley::tests
