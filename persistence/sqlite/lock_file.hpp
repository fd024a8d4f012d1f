/// Keeps a second process away from what the first one has open.

#pragma once

#include <filesystem>
#include <utility>

#include <parley/error.hpp>

namespace parley::persistence::sqlite {

/// Holds `<guarded>.lock`, with the number of the process inside. The kernel lets go of it when the process ends,
/// however it ends; the file stays.
class lock_file {
public:
  /// `conflict`, with the number of the holder, if somebody else holds it.
  [[nodiscard]] static result<lock_file> acquire(const std::filesystem::path& guarded);

  lock_file(lock_file&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
  lock_file& operator=(lock_file&&) = delete;
  ~lock_file();

private:
  explicit lock_file(int descriptor) : descriptor_{descriptor} {}

  int descriptor_;
};

} // namespace parley::persistence::sqlite
