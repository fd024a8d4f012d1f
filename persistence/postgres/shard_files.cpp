#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "persistence/postgres/file_rows.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

const std::string find_file = fmt::format("SELECT {} FROM files f WHERE f.id = $1", file_columns);
// Those that are missing, and those of others.
const std::string doubtful_of = "SELECT w.id, f.id IS NULL FROM unnest($1::uuid[]) WITH ORDINALITY AS w (id, number)"
                                " LEFT JOIN files f ON f.id = w.id WHERE f.id IS NULL OR f.owner <> $2"
                                " ORDER BY w.number";
// Memberships that have ended count as well.
const std::string shown_of = "SELECT DISTINCT s.file FROM file_conversations s JOIN members m"
                             " ON m.\"user\" = $1 AND m.conversation = s.conversation WHERE s.file = ANY($2::uuid[])";

struct doubtful_file {
  file_id id;
  bool is_missing = false;
};

using file_set = std::unordered_set<file_id>;

/// Files are kept by the home database; a shard knows which ones its conversations show, and to whom.
class files_over_shards final : public file_store {
public:
  files_over_shards(std::shared_ptr<pool> home, shard_pools spread)
      : at_home_{make_file_store(home)}, home_{std::move(home)}, shards_{std::move(spread)} {}

  result<void> put(const stored_file& file, std::string_view content) override { return at_home_->put(file, content); }

  result<std::string> read(const file_id& id, std::uint64_t offset, std::size_t length) override {
    return at_home_->read(id, offset, length);
  }

  result<std::optional<stored_file>> find(const file_id& id, const user_id& reader) override {
    auto found = home_->read([&](connection& in) { return in.first(find_file, read_file, id); });
    if (!found || !*found || (*found)->owner == reader) return found;
    const auto shown = shown_to(reader, {id});
    if (!shown) return fail(shown.error());
    if (!shown->contains(id)) return std::nullopt;
    return found;
  }

  result<std::vector<file_id>> unreadable(const user_id& reader, const std::vector<file_id>& ids) override {
    const auto read = [](row& row) { return doubtful_file{.id = row.take<file_id>(), .is_missing = row.take<bool>()}; };
    const auto doubtful =
        home_->read([&](connection& in) { return in.rows(doubtful_of, read, array_of(ids), reader); });
    if (!doubtful) return fail(doubtful.error());
    std::vector<file_id> of_others;
    for (const auto& one : *doubtful)
      if (!one.is_missing) of_others.push_back(one.id);
    const auto shown = shown_to(reader, of_others);
    if (!shown) return fail(shown.error());
    std::vector<file_id> found;
    for (const auto& one : *doubtful)
      if (!shown->contains(one.id)) found.push_back(one.id);
    return found;
  }

private:
  /// Those of `ids` that stand in a conversation of `reader`. A shard that is away matters only if it has the last
  /// word.
  result<file_set> shown_to(const user_id& reader, const std::vector<file_id>& ids) {
    file_set shown;
    if (ids.empty()) return shown;
    const auto read = [](row& row) { return row.take<file_id>(); };
    const auto answers = shards_.each([&](pool& shard) {
      return shard.read([&](connection& in) { return in.rows(shown_of, read, reader, array_of(ids)); });
    });
    for (const auto& answer : answers)
      if (answer) shown.insert(answer->begin(), answer->end());
    if (std::ranges::all_of(ids, [&](const file_id& id) { return shown.contains(id); })) return shown;
    for (const auto& answer : answers)
      if (!answer) return fail(answer.error());
    return shown;
  }

  std::shared_ptr<file_store> at_home_;
  std::shared_ptr<pool> home_;
  shard_pools shards_;
};

} // namespace

std::shared_ptr<file_store> make_file_store(std::shared_ptr<pool> home, shard_pools spread) {
  return std::make_shared<files_over_shards>(std::move(home), std::move(spread));
}

} // namespace parley::persistence::postgres
