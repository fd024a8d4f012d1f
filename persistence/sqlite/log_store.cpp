#include <utility>

#include "persistence/sqlite/backlog.hpp"
#include "persistence/sqlite/log_reader.hpp"
#include "persistence/sqlite/log_writer.hpp"
#include "persistence/sqlite/overview.hpp"
#include "persistence/sqlite/search.hpp"
#include "persistence/sqlite/stores.hpp"

namespace parley::persistence::sqlite {

namespace {

class log_in_sqlite final : public log_store {
public:
  explicit log_in_sqlite(std::shared_ptr<connections> to) : to_{std::move(to)} {}

  result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) override {
    return sqlite::load(*to_->readers.take(), conversation);
  }

  std::vector<result<write_outcome>> write(std::span<const conversation_write> writes) override {
    return write_all(*to_->writer.take(), writes);
  }

  result<std::vector<entry>> read(const conversation_id& conversation, const log_range& range) override {
    return read_range(*to_->readers.take(), conversation, range);
  }

  result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first, seq_no last,
                                     seq_no head) override {
    return read_changes(*to_->readers.take(), conversation, first, last, head);
  }

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    return sqlite::search(*to_, user, what);
  }

  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    return find_acquaintances(*to_->readers.take(), user, others);
  }

  result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                    const client_id& client) override {
    return find_by_client(*to_->readers.take(), conversation, author, client);
  }

  result<std::optional<access>> find_access(const conversation_id& conversation, const user_id& user) override {
    return sqlite::find_access(*to_->readers.take(), conversation, user);
  }

  result<std::vector<member>> members(const conversation_id& conversation, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return find_members(*to_->readers.take(), conversation, after, limit);
  }

  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& conversation) override {
    return find_item(*to_->readers.take(), user, conversation);
  }

  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    return list_items(*to_->readers.take(), user, after, limit);
  }

  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    return find_backlog(*to_->readers.take(), user, device, limit);
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<log_store> make_log_store(std::shared_ptr<connections> to) {
  return std::make_shared<log_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
