#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "persistence/sqlite/stores.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;

constexpr std::string_view insert_file =
    "INSERT INTO files (id, owner, name, mime, size, sha256, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
constexpr std::string_view insert_chunk = "INSERT INTO file_chunks (file, number, content) VALUES (?1, ?2, ?3)";
// Memberships that have ended count as well.
constexpr std::string_view find_readable =
    "SELECT f.id, f.owner, f.name, f.mime, f.size, f.sha256, f.at FROM files f WHERE f.id = ?1 AND (f.owner = ?2"
    " OR EXISTS (SELECT 1 FROM file_conversations s CROSS JOIN members m"
    "  ON m.user = ?2 AND m.conversation = s.conversation WHERE s.file = ?1))";
constexpr std::string_view chunks_of =
    "SELECT content FROM file_chunks WHERE file = ?1 AND number BETWEEN ?2 AND ?3 ORDER BY number";

stored_file read_file(row& from) {
  return {.id = from.take<file_id>(),
          .owner = from.take<user_id>(),
          .name = from.take<std::string>(),
          .mime = from.take<std::string>(),
          .size = from.take<std::uint64_t>(),
          .sha256 = from.take<std::array<std::uint8_t, 32>>(),
          .at = from.take<timestamp>()};
}

class files_in_sqlite final : public file_store {
public:
  explicit files_in_sqlite(std::shared_ptr<connections> to) : to_{std::move(to)} {}

  result<void> put(const stored_file& file, std::string_view content) override {
    if (content.size() != file.size)
      return fail(errc::internal, fmt::format("the file {} has {} bytes", to_string(file.id), content.size()));
    const auto writer = to_->writer.take();
    auto all = transaction::begin_write(*writer);
    if (!all) return fail(all.error());
    const auto done =
        writer->run(insert_file, file.id, file.owner, file.name, file.mime, file.size, file.sha256, file.at);
    if (!done && done.error().code == errc::conflict)
      return fail(errc::conflict, fmt::format("the file {} exists", to_string(file.id)));
    if (!done) return fail(done.error());
    for (std::size_t number = 0; number * chunk_bytes < content.size(); ++number) {
      const bytes_view chunk{content.substr(number * chunk_bytes, chunk_bytes)};
      if (auto kept = writer->run(insert_chunk, file.id, number, chunk); !kept) return fail(kept.error());
    }
    return all->commit();
  }

  result<std::optional<stored_file>> find(const file_id& id, const user_id& reader) override {
    return to_->readers.take()->first(find_readable, read_file, id, reader);
  }

  result<std::vector<file_id>> unreadable(const user_id& reader, const std::vector<file_id>& ids) override {
    const auto connection = to_->readers.take();
    const auto moment = transaction::begin_read(*connection);
    if (!moment) return fail(moment.error());
    std::vector<file_id> refused;
    for (const auto& id : ids) {
      const auto found = connection->first(find_readable, read_file, id, reader);
      if (!found) return fail(found.error());
      if (!*found) refused.push_back(id);
    }
    return refused;
  }

  result<std::string> read(const file_id& id, std::uint64_t offset, std::size_t length) override {
    std::string content;
    if (length == 0) return content;
    auto skipped = static_cast<std::size_t>(offset % chunk_bytes);
    const auto take_part = [&](row& row) {
      const auto chunk = row.take<std::string>();
      content.append(chunk, std::min(skipped, chunk.size()), length - content.size());
      skipped = 0;
    };
    const auto first = offset / chunk_bytes;
    const auto last =
        first + length / chunk_bytes + (skipped + length % chunk_bytes + chunk_bytes - 1) / chunk_bytes - 1;
    auto done = to_->readers.take()->each(chunks_of, take_part, id, first, last);
    if (!done) return fail(done.error());
    return content;
  }

private:
  std::shared_ptr<connections> to_;
};

} // namespace

std::shared_ptr<file_store> make_file_store(std::shared_ptr<connections> to) {
  return std::make_shared<files_in_sqlite>(std::move(to));
}

} // namespace parley::persistence::sqlite
