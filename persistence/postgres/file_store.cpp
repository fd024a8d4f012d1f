#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "persistence/postgres/file_rows.hpp"
#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;
// So many chunks are sent in one statement; in text they are twice as long.
constexpr std::size_t chunks_sent = 8;

const std::string insert_file =
    "INSERT INTO files (id, owner, name, mime, size, sha256, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const std::string insert_chunks = "INSERT INTO file_chunks (file, number, content)"
                                  " SELECT $1::uuid, w.* FROM unnest($2::bigint[], $3::bytea[]) AS w";
// Memberships that have ended count as well.
const std::string may_read = "(f.owner = $2 OR EXISTS (SELECT 1 FROM file_conversations s JOIN members m"
                             " ON m.\"user\" = $2 AND m.conversation = s.conversation WHERE s.file = f.id))";
const std::string find_readable = fmt::format("SELECT {} FROM files f WHERE f.id = $1 AND {}", file_columns, may_read);
const std::string unreadable_of = "SELECT w.id FROM unnest($1::uuid[]) WITH ORDINALITY AS w (id, number)"
                                  " WHERE NOT EXISTS (SELECT 1 FROM files f WHERE f.id = w.id AND " +
                                  may_read + ") ORDER BY w.number";
const std::string chunks_of =
    "SELECT content FROM file_chunks WHERE file = $1 AND number BETWEEN $2 AND $3 ORDER BY number";

result<void> insert(connection& in, const stored_file& file, std::string_view content) {
  const auto done = in.run(insert_file, file.id, file.owner, file.name, file.mime, file.size, file.sha256, file.at);
  if (!done && done.error().code == errc::conflict)
    return fail(errc::conflict, fmt::format("the file {} exists", to_string(file.id)));
  if (!done) return fail(done.error());
  for (std::size_t number = 0; number * chunk_bytes < content.size();) {
    std::vector<std::size_t> numbers;
    for (; numbers.size() < chunks_sent && number * chunk_bytes < content.size(); ++number) numbers.push_back(number);
    const auto chunk = [&](std::size_t one) { return bytes_view{content.substr(one * chunk_bytes, chunk_bytes)}; };
    if (auto kept = in.run(insert_chunks, file.id, array_of(numbers), array_of(numbers, chunk)); !kept)
      return fail(kept.error());
  }
  return {};
}

class files_in_postgres final : public file_store {
public:
  explicit files_in_postgres(std::shared_ptr<pool> to) : to_{std::move(to)} {}

  result<void> put(const stored_file& file, std::string_view content) override {
    if (content.size() != file.size)
      return fail(errc::internal, fmt::format("the file {} has {} bytes", to_string(file.id), content.size()));
    return to_->change([&](connection& in) { return insert(in, file, content); });
  }

  result<std::optional<stored_file>> find(const file_id& id, const user_id& reader) override {
    return to_->read([&](connection& in) { return in.first(find_readable, read_file, id, reader); });
  }

  result<std::vector<file_id>> unreadable(const user_id& reader, const std::vector<file_id>& ids) override {
    const auto read = [](row& row) { return row.take<file_id>(); };
    return to_->read([&](connection& in) { return in.rows(unreadable_of, read, array_of(ids), reader); });
  }

  result<std::string> read(const file_id& id, std::uint64_t offset, std::size_t length) override {
    if (length == 0) return std::string{};
    const auto first = offset / chunk_bytes;
    const auto skipped = static_cast<std::size_t>(offset % chunk_bytes);
    const auto last =
        first + length / chunk_bytes + (skipped + length % chunk_bytes + chunk_bytes - 1) / chunk_bytes - 1;
    const auto take_chunk = [](row& row) { return row.take<bytes>().content; };
    const auto chunks = to_->read([&](connection& in) { return in.rows(chunks_of, take_chunk, id, first, last); });
    if (!chunks) return fail(chunks.error());

    std::string content;
    for (const auto& chunk : *chunks) {
      const auto from = &chunk == &chunks->front() ? std::min(skipped, chunk.size()) : 0;
      content.append(chunk, from, length - content.size());
    }
    return content;
  }

private:
  std::shared_ptr<pool> to_;
};

} // namespace

std::shared_ptr<file_store> make_file_store(std::shared_ptr<pool> to) {
  return std::make_shared<files_in_postgres>(std::move(to));
}

} // namespace parley::persistence::postgres
