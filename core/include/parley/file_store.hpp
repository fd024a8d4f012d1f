/// Attachments: their content and who may read it. Same rules for threads and errors as `log_store`.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parley/error.hpp>
#include <parley/model.hpp>

namespace parley {

struct stored_file {
  file_id id;
  user_id owner;
  /// As the uploader called it; may be empty.
  std::string name;
  std::string mime;
  std::uint64_t size = 0;
  std::array<std::uint8_t, 32> sha256{};
  timestamp at{};

  friend bool operator==(const stored_file&, const stored_file&) = default;
};

class file_store {
public:
  virtual ~file_store() = default;

  /// Keeps a new file whole or not at all; `content` has `file.size` bytes.
  [[nodiscard]] virtual result<void> put(const stored_file& file, std::string_view content) = 0;
  /// The file, if `reader` may read it: the owner, and members (also former ones) of the conversations that it was sent
  /// to.
  [[nodiscard]] virtual result<std::optional<stored_file>> find(const file_id& id, const user_id& reader) = 0;
  /// Those of `ids` that `reader` may not read or that do not exist, in their order.
  [[nodiscard]] virtual result<std::vector<file_id>> unreadable(const user_id& reader,
                                                                const std::vector<file_id>& ids) = 0;
  /// `length` bytes from `offset`, fewer at the end. Asks nobody whether the reader may.
  [[nodiscard]] virtual result<std::string> read(const file_id& id, std::uint64_t offset, std::size_t length) = 0;
};

} // namespace parley
