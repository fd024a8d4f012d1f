/// A log that fails when a test says so, in front of one in memory.

#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <parley/log_lane.hpp>
#include <parley/log_store.hpp>

namespace parley::tests {

class unreliable_log final : public log_store {
public:
  explicit unreliable_log(std::shared_ptr<log_store> real) : real_{std::move(real)} {}

  /// Nothing can be read or written.
  bool is_down = false;
  /// The next commit is made and its answer lost.
  bool loses_next_answer = false;
  /// Called before the next commit: a rival writes here.
  std::function<void(log_store&)> before_write;
  std::size_t writes = 0;
  std::size_t loads = 0;
  std::size_t finds = 0;
  std::size_t reads = 0;
  /// The first byte of a conversation says which one it belongs to.
  std::size_t lane_count = 1;
  std::vector<std::size_t> opened_lanes;

  [[nodiscard]] log_store& real() { return *real_; }

  std::size_t lanes() const override { return lane_count; }
  std::size_t lane_of(const conversation_id& id) const override { return id.value.bytes.front() % lane_count; }
  std::unique_ptr<log_lane> open_lane(std::size_t number) override {
    opened_lanes.push_back(number);
    return log_store::open_lane(number);
  }

  result<std::optional<conversation_snapshot>> load(const conversation_id& id) override {
    ++loads;
    if (is_down) return away();
    return real_->load(id);
  }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> all) override {
    ++writes;
    std::vector<result<write_outcome>> failed(all.size(), away());
    if (is_down) return failed;
    if (auto rival = std::exchange(before_write, nullptr)) rival(*real_);
    auto outcomes = real_->write(all);
    return std::exchange(loses_next_answer, false) ? failed : outcomes;
  }

  result<std::vector<entry>> read(const conversation_id& id, const log_range& range) override {
    ++reads;
    if (is_down) return away();
    return real_->read(id, range);
  }

  result<std::optional<entry>> find(const conversation_id& id, const user_id& author,
                                    const client_id& client) override {
    ++finds;
    if (is_down) return away();
    return real_->find(id, author, client);
  }

  result<std::vector<entry>> changes(const conversation_id& id, seq_no first, seq_no last, seq_no head) override {
    if (is_down) return away();
    return real_->changes(id, first, last, head);
  }

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    if (is_down) return away();
    return real_->search(user, what);
  }

  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    if (is_down) return away();
    return real_->acquaintances(user, others);
  }

  result<std::optional<access>> find_access(const conversation_id& id, const user_id& user) override {
    if (is_down) return away();
    return real_->find_access(id, user);
  }

  result<std::vector<member>> members(const conversation_id& id, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    if (is_down) return away();
    return real_->members(id, after, limit);
  }

  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& id) override {
    if (is_down) return away();
    return real_->item(user, id);
  }

  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    if (is_down) return away();
    return real_->list(user, after, limit);
  }

  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    if (is_down) return away();
    return real_->backlog_of(user, device, limit);
  }

private:
  static tl::unexpected<error> away() { return fail(errc::unavailable, "the database is away"); }

  std::shared_ptr<log_store> real_;
};

} // namespace parley::tests
