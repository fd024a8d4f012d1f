/// How many bytes of files are in memory on their way in or out. A peer may take a minute for its file, and everybody
/// may ask for several.

#pragma once

#include <cstddef>
#include <memory>

#include <parley/error.hpp>
#include <parley/ids.hpp>

namespace parley::net {

struct transfer_limits {
  std::size_t bytes_max = std::size_t{512} << 20;
  /// Of one user.
  std::size_t user_bytes_max = std::size_t{128} << 20;
};

/// Any thread.
class transfer_room {
public:
  explicit transfer_room(const transfer_limits& limits);

  /// Room for `bytes` until the last copy of the result is gone, which may outlive this. `overloaded` if there is none.
  [[nodiscard]] result<std::shared_ptr<void>> take(const user_id& user, std::size_t bytes);

private:
  struct counts;
  struct place;

  transfer_limits limits_;
  std::shared_ptr<counts> taken_;
};

} // namespace parley::net
