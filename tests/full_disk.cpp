// Preloaded into PostgreSQL: while the file that PARLEY_FULL_DISK names is there, no table or index of it can grow, as
// if the disk were full. Its own log of writes has room, as it has on a disk of its own.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

bool is_full(int file, off_t end) {
  const auto* flag = std::getenv("PARLEY_FULL_DISK");
  if (flag == nullptr || access(flag, F_OK) != 0) return false;
  struct stat now {};
  if (fstat(file, &now) != 0 || end <= now.st_size) return false;
  char link[64];
  char path[4'096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const auto size = readlink(link, path, sizeof path - 1);
  if (size < 0) return false;
  path[size] = '\0';
  return std::strstr(path, "/base/") != nullptr;
}

using writer = ssize_t (*)(int, const void*, size_t, off_t);

ssize_t write_unless_full(const char* name, int file, const void* bytes, size_t size, off_t at) {
  if (is_full(file, at + static_cast<off_t>(size))) {
    errno = ENOSPC;
    return -1;
  }
  return reinterpret_cast<writer>(dlsym(RTLD_NEXT, name))(file, bytes, size, at);
}

} // namespace

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return write_unless_full("pwrite", file, bytes, size, at);
}

extern "C" ssize_t pwrite64(int file, const void* bytes, size_t size, off_t at) {
  return write_unless_full("pwrite64", file, bytes, size, at);
}
