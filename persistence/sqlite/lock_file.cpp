#include "persistence/sqlite/lock_file.hpp"

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

namespace parley::persistence::sqlite {

namespace {

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const auto size = pread(descriptor, text.data(), text.size(), 0);
  const auto number = std::string{text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  // It writes its number just after it has the lock.
  return number.empty() ? "another process" : "process " + number.substr(0, number.find('\n'));
}

bool write_holder(int descriptor) {
  const auto number = fmt::format("{}\n", getpid());
  return ftruncate(descriptor, 0) == 0 && pwrite(descriptor, number.data(), number.size(), 0) == std::ssize(number);
}

} // namespace

result<lock_file> lock_file::acquire(const std::filesystem::path& guarded) {
  const auto path = guarded.string() + ".lock";
  auto lock = lock_file{open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (lock.descriptor_ < 0)
    return fail(errc::unavailable, fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)));
  if (flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(errc::unavailable, fmt::format("cannot lock {}: {}", path, std::generic_category().message(errno)));
    return fail(errc::conflict, fmt::format("{} is in use by {}", guarded.string(), holder_of(lock.descriptor_)));
  }
  if (!write_holder(lock.descriptor_))
    return fail(errc::unavailable, fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)));
  return lock;
}

lock_file::~lock_file() {
  if (descriptor_ >= 0) close(descriptor_);
}

} // namespace parley::persistence::sqlite
