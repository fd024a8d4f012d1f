#include "persistence/spread_log.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>

#include <parley/ensure.hpp>
#include <parley/log_lane.hpp>

#include "persistence/shard_of.hpp"

namespace parley::persistence {

namespace {

using outcomes = std::vector<result<write_outcome>>;

/// What one shard is to write of a batch.
struct share {
  std::vector<conversation_write> writes;
  /// Where each of them stands in the batch.
  std::vector<std::size_t> places;
};

/// Puts all in falling order and keeps the first `limit`.
template <class T, class KeyOf> void keep_greatest(std::vector<T>& all, std::size_t limit, KeyOf key_of) {
  std::ranges::sort(all, std::greater{}, key_of);
  if (all.size() > limit) all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
}

class spread_log final : public log_store {
public:
  spread_log(std::vector<std::shared_ptr<log_store>> shards, std::shared_ptr<crew> helpers)
      : shards_{std::move(shards)}, helpers_{std::move(helpers)} {
    ensure(!shards_.empty(), "conversations are kept somewhere");
    for (const auto& shard : shards_) {
      first_lanes_.push_back(lanes_);
      lanes_ += shard->lanes();
    }
  }

  std::size_t lanes() const override { return lanes_; }
  std::size_t lane_of(const conversation_id& conversation) const override {
    const auto number = number_of(conversation);
    return first_lanes_[number] + shards_[number]->lane_of(conversation);
  }
  std::unique_ptr<log_lane> open_lane(std::size_t number) override {
    const auto behind = std::ranges::upper_bound(first_lanes_, number);
    const auto shard = static_cast<std::size_t>(behind - first_lanes_.begin()) - 1;
    return shards_[shard]->open_lane(number - first_lanes_[shard]);
  }

  outcomes write(std::span<const conversation_write> writes) override {
    std::vector<share> shares(shards_.size());
    for (std::size_t i = 0; i < writes.size(); ++i) {
      auto& mine = shares[number_of(writes[i].conversation)];
      mine.writes.push_back(writes[i]);
      mine.places.push_back(i);
    }
    std::vector<std::size_t> touched(shards_.size());
    std::iota(touched.begin(), touched.end(), std::size_t{0});
    std::erase_if(touched, [&](std::size_t number) { return shares[number].writes.empty(); });

    outcomes all(writes.size());
    helpers_->each(touched.size(), [&](std::size_t i) {
      const auto& mine = shares[touched[i]];
      auto done = shards_[touched[i]]->write(mine.writes);
      for (std::size_t k = 0; k < mine.places.size(); ++k) all[mine.places[k]] = std::move(done[k]);
    });
    return all;
  }

  // Of one conversation. ------------------------------------------------------------------------------------------

  result<std::optional<conversation_snapshot>> load(const conversation_id& conversation) override {
    return shard(conversation).load(conversation);
  }
  result<std::vector<entry>> read(const conversation_id& conversation, const log_range& range) override {
    return shard(conversation).read(conversation, range);
  }
  result<std::vector<entry>> changes(const conversation_id& conversation, seq_no first, seq_no last,
                                     seq_no head) override {
    return shard(conversation).changes(conversation, first, last, head);
  }
  result<std::optional<entry>> find(const conversation_id& conversation, const user_id& author,
                                    const client_id& client) override {
    return shard(conversation).find(conversation, author, client);
  }
  result<std::optional<access>> find_access(const conversation_id& conversation, const user_id& user) override {
    return shard(conversation).find_access(conversation, user);
  }
  result<std::vector<member>> members(const conversation_id& conversation, const std::optional<user_id>& after,
                                      std::size_t limit) override {
    return shard(conversation).members(conversation, after, limit);
  }
  result<std::optional<conversation_item>> item(const user_id& user, const conversation_id& conversation) override {
    return shard(conversation).item(user, conversation);
  }

  // Of a user. ----------------------------------------------------------------------------------------------------

  result<std::vector<entry>> search(const user_id& user, const search_query& what) override {
    if (what.conversation) return shard(*what.conversation).search(user, what);
    auto found = ask_all([&](log_store& one) { return one.search(user, what); });
    if (found)
      keep_greatest(*found, what.limit, [](const entry& one) { return std::tie(one.at, one.seq, one.conversation); });
    return found;
  }

  result<std::vector<user_id>> acquaintances(const user_id& user, const std::vector<user_id>& others) override {
    const auto known = ask_all([&](log_store& one) { return one.acquaintances(user, others); });
    if (!known) return fail(known.error());
    const std::unordered_set<user_id> met{known->begin(), known->end()};
    std::vector<user_id> found;
    std::ranges::copy_if(others, std::back_inserter(found), [&](const user_id& other) { return met.contains(other); });
    return found;
  }

  result<std::vector<conversation_item>> list(const user_id& user, std::optional<list_position> after,
                                              std::size_t limit) override {
    auto items = ask_all([&](log_store& one) { return one.list(user, after, limit); });
    if (items)
      keep_greatest(*items, limit, [](const conversation_item& one) { return std::pair{one.last->at, one.record.id}; });
    return items;
  }

  result<std::vector<backlog>> backlog_of(const user_id& user, const device_id& device, std::size_t limit) override {
    auto owed = ask_all([&](log_store& one) { return one.backlog_of(user, device, limit); });
    if (owed) std::ranges::sort(*owed, {}, &backlog::conversation);
    return owed;
  }

private:
  [[nodiscard]] std::size_t number_of(const conversation_id& conversation) const {
    return shard_of(conversation, shards_.size());
  }
  [[nodiscard]] log_store& shard(const conversation_id& conversation) { return *shards_[number_of(conversation)]; }

  /// What all of them answer, one behind the other, or the failure of one.
  template <class Ask> auto ask_all(Ask ask) -> std::invoke_result_t<Ask, log_store&> {
    std::vector<std::invoke_result_t<Ask, log_store&>> parts(shards_.size());
    helpers_->each(shards_.size(), [&](std::size_t i) { parts[i] = ask(*shards_[i]); });
    auto all = std::move(parts.front());
    for (auto part = parts.begin() + 1; all && part != parts.end(); ++part) {
      if (!*part) return std::move(*part);
      std::ranges::move(**part, std::back_inserter(*all));
    }
    return all;
  }

  std::vector<std::shared_ptr<log_store>> shards_;
  std::shared_ptr<crew> helpers_;
  /// The number of the first lane of each shard.
  std::vector<std::size_t> first_lanes_;
  std::size_t lanes_ = 0;
};

} // namespace

std::shared_ptr<log_store> spread(std::vector<std::shared_ptr<log_store>> shards, std::shared_ptr<crew> helpers) {
  return std::make_shared<spread_log>(std::move(shards), std::move(helpers));
}

} // namespace parley::persistence
