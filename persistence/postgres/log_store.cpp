#include <mutex>
#include <utility>

#include "persistence/postgres/append_lane.hpp"
#include "persistence/postgres/backlog.hpp"
#include "persistence/postgres/log_reader.hpp"
#include "persistence/postgres/overview.hpp"
#include "persistence/postgres/search.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

class log_in_postgres final : public log_store {
public:
  log_in_postgres(std::shared_ptr<pool> to, append_lanes lanes)
      : to_{std::move(to)}, lanes_{std::move(lanes)}, writer_{lanes_.open()} {}

  std::size_t lanes() const override { return lanes_.count; }
  std::size_t lane_of(const conversation_id& conversation) const override { return lanes_.lane_of(conversation); }
  std::unique_ptr<log_lane> open_lane(std::size_t /*number*/) override { return lanes_.open(); }

  result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) override {
    return to_->read_moment([&](connection& in) { return postgres::load(in, conversation); });
  }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) override {
    const std::scoped_lock held{writing_};
    return write_batch(*writer_, {writes.begin(), writes.end()});
  }

  result<std::vector<entry>> read(const conversation_id& conversation, const log_range& range) override {
    return to_->read([&](connection& in) { return read_range(in, conversation, range); });
  }

  result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first, seq_no last,
                                     seq_no head) override {
    return to_->read([&](connection& in) { return read_changes(in, conversation, first, last, head); });
  }

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    return postgres::search(*to_, user, what);
  }

  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    return to_->read([&](connection& in) { return find_acquaintances(in, user, others); });
  }

  result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                    const client_id& client) override {
    return to_->read([&](connection& in) { return find_by_client(in, conversation, author, client); });
  }

  result<std::optional<access>> find_access(const conversation_id& conversation, const user_id& user) override {
    return to_->read([&](connection& in) { return postgres::find_access(in, conversation, user); });
  }

  result<std::vector<member>> members(const conversation_id& conversation, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return to_->read([&](connection& in) { return find_members(in, conversation, after, limit); });
  }

  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& conversation) override {
    return to_->read([&](connection& in) { return find_item(in, user, conversation); });
  }

  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    return to_->read([&](connection& in) { return list_items(in, user, after, limit); });
  }

  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    return to_->read([&](connection& in) { return find_backlog(in, user, device, limit); });
  }

private:
  std::shared_ptr<pool> to_;
  append_lanes lanes_;
  std::mutex writing_;
  /// Of `write`; connects when it is first used.
  std::unique_ptr<log_lane> writer_;
};

} // namespace

std::shared_ptr<log_store> make_log_store(std::shared_ptr<pool> to, append_lanes lanes) {
  return std::make_shared<log_in_postgres>(std::move(to), std::move(lanes));
}

} // namespace parley::persistence::postgres
