#include <algorithm>

#include <fmt/format.h>

#include "persistence/memory/state.hpp"

namespace parley::persistence::memory {

namespace {

class files_in_memory final : public file_store {
public:
  explicit files_in_memory(std::shared_ptr<state> all) : all_{std::move(all)} {}

  result<void> put(const stored_file& file, std::string_view content) override {
    if (content.size() != file.size)
      return fail(errc::internal, fmt::format("the file {} has {} bytes", to_string(file.id), content.size()));
    const std::scoped_lock lock{all_->mutex};
    if (!all_->files.try_emplace(file.id, kept_file{file, std::string{content}, {}}).second)
      return fail(errc::conflict, fmt::format("the file {} exists", to_string(file.id)));
    return {};
  }

  result<std::optional<stored_file>> find(const file_id& id, const user_id& reader) override {
    const std::scoped_lock lock{all_->mutex};
    const auto* kept = find_readable(id, reader);
    if (!kept) return std::nullopt;
    return kept->file;
  }

  result<std::vector<file_id>> unreadable(const user_id& reader, const std::vector<file_id>& ids) override {
    const std::scoped_lock lock{all_->mutex};
    std::vector<file_id> found;
    std::ranges::remove_copy_if(ids, std::back_inserter(found),
                                [&](const file_id& id) { return find_readable(id, reader) != nullptr; });
    return found;
  }

  result<std::string> read(const file_id& id, std::uint64_t offset, std::size_t length) override {
    const std::scoped_lock lock{all_->mutex};
    const auto& content = look_up(all_->files, id).content;
    if (offset >= content.size()) return std::string{};
    return content.substr(offset, length);
  }

private:
  const kept_file* find_readable(const file_id& id, const user_id& reader) {
    const auto found = all_->files.find(id);
    if (found == all_->files.end()) return nullptr;
    const auto& kept = found->second;
    const auto is_member = [&](const conversation_id& there) {
      return look_up(all_->conversations, there).members.contains(reader);
    };
    return kept.file.owner == reader || std::ranges::any_of(kept.conversations, is_member) ? &kept : nullptr;
  }

  std::shared_ptr<state> all_;
};

} // namespace

std::shared_ptr<file_store> make_file_store(std::shared_ptr<state> state) {
  return std::make_shared<files_in_memory>(std::move(state));
}

} // namespace parley::persistence::memory
